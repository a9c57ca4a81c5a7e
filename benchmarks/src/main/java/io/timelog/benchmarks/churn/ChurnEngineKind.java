package io.timelog.benchmarks.churn;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.nio.file.Path;
import java.util.List;

/** The engines, by the names that commands and tables use. */
public enum ChurnEngineKind implements Named {
  /** {@link TimelogTable}. */
  TIMELOG("timelog", "Timelog"),
  /** {@link RocksDbByteMap}. */
  ROCKSDB("rocksdb", "RocksDB"),
  /** {@link TreeByteMap}. */
  TREE_MAP("treemap", "`TreeMap`");

  private static final Choices<ChurnEngineKind> CHOICES =
      new Choices<>("engine", "engine", values());

  /** The ids of all engines, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;

  ChurnEngineKind(String id, String title) {
    this.id = id;
    this.title = title;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables, in Markdown. */
  public String title() {
    return title;
  }

  /** Whether the engine needs Flink's build of RocksDB on its class path. */
  public boolean needsFlinkRocksDb() {
    return this == ROCKSDB;
  }

  ChurnEngine open(TableShape shape, Path directory) {
    return switch (this) {
      case TIMELOG -> new TimelogTable(shape);
      case ROCKSDB -> new CompositeTable(new RocksDbByteMap(directory), shape);
      case TREE_MAP -> new CompositeTable(new TreeByteMap(), shape);
    };
  }

  /**
   * The engine of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static ChurnEngineKind of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<ChurnEngineKind> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
