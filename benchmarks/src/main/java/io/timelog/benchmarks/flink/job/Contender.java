package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.flink.BackendKind;
import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** What runs a job: a state backend in a JVM of some size. */
public enum Contender implements Named {
  /** Timelog's backend. */
  TIMELOG("timelog", "Timelog", BackendKind.TIMELOG),
  /** Flink's heap backend with far more heap than it needs. */
  HEAP("heap", "heap", BackendKind.HEAP),
  /** Flink's heap backend with twice the heap that is alive when its state is largest. */
  TIGHT_HEAP("tight-heap", "tight heap", BackendKind.HEAP),
  /** Flink's RocksDB backend. */
  ROCKSDB("rocksdb", "RocksDB", BackendKind.ROCKSDB);

  private static final Choices<Contender> CHOICES =
      new Choices<>("contender", "contender", values());

  /** The ids of all contenders, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;
  private final BackendKind backend;

  Contender(String id, String title, BackendKind backend) {
    this.id = id;
    this.title = title;
    this.backend = backend;
  }

  @Override
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
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<Contender> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
