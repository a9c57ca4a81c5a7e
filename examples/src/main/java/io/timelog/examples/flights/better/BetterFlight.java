package io.timelog.examples.flights.better;

import io.timelog.examples.flights.data.Flight;

/**
 * A flight that came late, and another of the same route at about the same time that did not.
 *
 * @param late the one that passengers sat in
 * @param punctual the one that they would rather have sat in
 */
record BetterFlight(Flight late, Flight punctual) {}
