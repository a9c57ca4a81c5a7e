package io.timelog.examples.flights.run;

/** Whoever wants to know how far a run is. Called on the thread of the run. */
public interface Progress {
  /** Something begins that cannot be counted. */
  void phase(String what);

  /**
   * Flights are being added up.
   *
   * @param flights how many so far
   * @param streamTimeMillis the newest event time so far
   */
  void advance(long flights, long streamTimeMillis);
}
