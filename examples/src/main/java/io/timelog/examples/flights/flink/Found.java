package io.timelog.examples.flights.flink;

import java.util.Set;

/**
 * What the job comes to.
 *
 * @param delays of every airport and window that had a flight
 * @param missed the missed connections
 */
record Found(Set<AirportDelays> delays, Set<MissedConnection> missed) {}
