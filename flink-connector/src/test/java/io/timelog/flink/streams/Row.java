package io.timelog.flink.streams;

/**
 * A record of a stream of the tests. A POJO for Flink.
 *
 * @param key of the stream
 * @param number different in each record
 * @param time the timestamp
 */
public record Row(String key, int number, long time) {
  @Override
  public String toString() {
    return key + "/" + number + "@" + time;
  }
}
