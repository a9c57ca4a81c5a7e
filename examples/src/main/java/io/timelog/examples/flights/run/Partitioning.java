package io.timelog.examples.flights.run;

/**
 * Which partition the flights of a key, such as an airport, go to. It is spelled out, and not left
 * to the producer, because stream time is kept per partition: what comes too late depends on who
 * shares one.
 *
 * @param partitions how many there are, at least 1
 */
public record Partitioning(int partitions) {
  public int of(String key) {
    return Math.floorMod(key.hashCode(), partitions);
  }
}
