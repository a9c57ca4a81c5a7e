package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;
import org.jspecify.annotations.Nullable;

/**
 * How far the flights were out of order, and what that cost.
 *
 * @param flights all of them
 * @param outOfOrder those behind stream time when they came
 * @param late those that found at least one of their windows closed
 * @param lost those that found all of their windows closed, and are in no result
 * @param droppedUpdates closed windows that were found, counted for each flight; what Kafka Streams
 *     counts as dropped
 * @param furthestBehind the flight that came latest of all; null if none was out of order
 * @param furthestBehindMillis how far behind stream time that was
 */
record Lateness(
    long flights,
    long outOfOrder,
    long late,
    long lost,
    long droppedUpdates,
    @Nullable Flight furthestBehind,
    long furthestBehindMillis) {}
