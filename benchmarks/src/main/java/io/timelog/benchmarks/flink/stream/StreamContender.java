package io.timelog.benchmarks.flink.stream;

import io.timelog.benchmarks.flink.BackendKind;
import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** Whose operator it is, and where its state is. */
public enum StreamContender implements Named {
  /** Timelog's operator on Timelog's backend. */
  TIMELOG("timelog", "Timelog", BackendKind.TIMELOG),
  /** The usual operator on Flink's heap backend. */
  HEAP("heap", "usual, heap", BackendKind.HEAP),
  /** The usual operator on Flink's RocksDB backend. */
  ROCKSDB("rocksdb", "usual, RocksDB", BackendKind.ROCKSDB);

  private static final Choices<StreamContender> CHOICES =
      new Choices<>("contender", "contender", values());

  /** The ids of all contenders, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;
  private final BackendKind backend;

  StreamContender(String id, String title, BackendKind backend) {
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
  BackendKind backend() {
    return backend;
  }

  /**
   * The contender of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static StreamContender of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<StreamContender> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
