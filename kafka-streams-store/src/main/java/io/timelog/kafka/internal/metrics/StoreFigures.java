package io.timelog.kafka.internal.metrics;

import io.timelog.StoreStats;
import io.timelog.TableStats;

/**
 * What the engine tells of a store at one moment.
 *
 * @param table of the entries
 * @param store of all that is kept for them
 */
public record StoreFigures(TableStats table, StoreStats store) {}
