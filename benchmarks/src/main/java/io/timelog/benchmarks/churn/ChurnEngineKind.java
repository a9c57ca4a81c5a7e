package io.timelog.benchmarks.churn;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The engines, by the names that commands and tables use. */
public enum ChurnEngineKind {
  /** {@link TimelogTable}. */
  TIMELOG("timelog", "Timelog"),
  /** {@link RocksDbByteMap}. */
  ROCKSDB("rocksdb", "RocksDB"),
  /** {@link TreeByteMap}. */
  TREE_MAP("treemap", "`TreeMap`");

  /** The ids of all engines, separated by commas. */
  public static final String ALL =
      Arrays.stream(values()).map(ChurnEngineKind::id).collect(Collectors.joining(","));

  private final String id;
  private final String title;

  ChurnEngineKind(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** The name in commands and result files. */
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
    return Arrays.stream(values())
        .filter(kind -> kind.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No such engine: engine=" + id + ". Known are " + ALL));
  }

  /** As {@link #of}, for several. */
  public static List<ChurnEngineKind> listOf(List<String> ids) {
    return ids.stream().map(ChurnEngineKind::of).toList();
  }
}
