package io.timelog.kafka.internal.durability;

/**
 * What a store says of itself when it comes to its directory.
 *
 * @param identity whose store it is
 * @param layout how it keeps keys, values and time, in words
 * @param backing where its entries come from again
 * @param rhythm when it is committed
 */
public record StoreTerms(
    StoreIdentity identity, String layout, Backing backing, CommitRhythm rhythm) {}
