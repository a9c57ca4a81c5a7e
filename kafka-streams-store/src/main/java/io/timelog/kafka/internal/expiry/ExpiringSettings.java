package io.timelog.kafka.internal.expiry;

/** What is to be said of every store whose entries expire, before there is one. */
public interface ExpiringSettings {
  /** The name of the store. */
  String name();

  /** How long entries are kept. */
  RetentionSettings retention();
}
