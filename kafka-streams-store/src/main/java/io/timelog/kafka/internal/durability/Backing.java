package io.timelog.kafka.internal.durability;

/** Where entries come from again if a store gives them up. */
public enum Backing {
  /** From the changelog of the store, or the topic that is used as one. */
  CHANGELOG,
  /** From the topic that a global store is a copy of. */
  TOPIC,
  /** From nowhere: the store writes no changelog. */
  NOTHING
}
