package io.timelog.examples.flights.delays;

import java.util.Map;

/**
 * What a run of the application comes to.
 *
 * @param results the final delays of every airport and window that had a flight
 * @param stillStored those that are in the window store at the end, because stream time has not
 *     passed them by the retention
 * @param droppedUpdates how many updates of windows were dropped for being late
 */
record Outcome(
    Map<AirportWindow, Delays> results,
    Map<AirportWindow, Delays> stillStored,
    long droppedUpdates) {
  Outcome {
    results = Map.copyOf(results);
    stillStored = Map.copyOf(stillStored);
  }
}
