package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.flink.BackendKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What runs a job: a state backend in a JVM of some size. */
public enum Contender {
  /** Timelog's backend. */
  TIMELOG("timelog", "Timelog", BackendKind.TIMELOG),
  /** Flink's heap backend with far more heap than it needs. */
  HEAP("heap", "heap", BackendKind.HEAP),
  /** Flink's heap backend with twice the heap that is alive when its state is largest. */
  TIGHT_HEAP("tight-heap", "tight heap", BackendKind.HEAP),
  /** Flink's RocksDB backend. */
  ROCKSDB("rocksdb", "RocksDB", BackendKind.ROCKSDB);

  /** The ids of all contenders, separated by commas. */
  public static final String ALL =
      Arrays.stream(values()).map(Contender::id).collect(Collectors.joining(","));

  private final String id;
  private final String title;
  private final BackendKind backend;

  Contender(String id, String title, BackendKind backend) {
    this.id = id;
    this.title = title;
    this.backend = backend;
  }

  /** The name in commands and result files. */
  public String id() {
    return id;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** Where the state is kept. */
  public BackendKind backend() {
    return backend;
  }

  /**
   * The contender of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static Contender of(String id) {
    return Arrays.stream(values())
        .filter(contender -> contender.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No such contender: contender=" + id + ". Known are " + ALL));
  }

  /** As {@link #of}, for several. */
  public static List<Contender> listOf(List<String> ids) {
    return ids.stream().map(Contender::of).toList();
  }
}
