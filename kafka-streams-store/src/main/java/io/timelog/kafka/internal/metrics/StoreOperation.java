package io.timelog.kafka.internal.metrics;

/** An operation whose calls are counted and timed where no layer of Kafka Streams does it. */
public enum StoreOperation {
  /** Also of an entry that came too late. */
  APPEND("append", "appends"),
  /** From when the iterator is opened to its end or close, as Kafka times its own. */
  SCAN("scan", "scans of one key, from opening the iterator to its end"),
  /** From when the iterator is opened to its end or close, as Kafka times its own. */
  SCAN_ALL("scan-all", "scans of all keys, from opening the iterator to its end"),
  /** Of one key or of all. */
  COUNT("count", "counts, of one key or of all"),
  /** From summaries, of one key. */
  AGGREGATE("aggregate", "aggregates over a range of one key"),
  /** Also one that finds nothing so old. */
  DELETE_BEFORE("delete-before", "deletes of what lies before a time"),
  /** Of one key or of all. */
  DELETE_RANGE("delete-range", "deletes of a range of time, of one key or of all");

  private final String metricName;
  private final String description;

  StoreOperation(String metricName, String description) {
    this.metricName = metricName;
    this.description = description;
  }

  /** What the names of its metrics begin with. */
  String metricName() {
    return metricName;
  }

  /** The calls, in the plural. */
  String description() {
    return description;
  }
}
