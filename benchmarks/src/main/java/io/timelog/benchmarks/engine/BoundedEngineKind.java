package io.timelog.benchmarks.engine;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/**
 * Engines that have so much memory, and files for the rest, by the names of commands and tables.
 */
public enum BoundedEngineKind implements Named {
  /** {@link TimelogEngine} in a directory, maintained in the background. */
  TIMELOG("timelog", "Timelog"),
  /** The same with {@link Lz4PageCodec}. */
  TIMELOG_LZ4("timelog-lz4", "Timelog, LZ4"),
  /** {@link KafkaStreamsRocksDbEngine}, whose databases share their memory. */
  ROCKSDB_SEGMENTS("rocksdb-segments", "RocksDB, Kafka Streams segments"),
  /** {@link FlinkMapStateEngine} with managed memory. */
  ROCKSDB_MAP_STATE("rocksdb-mapstate", "RocksDB, Flink MapState");

  private static final Choices<BoundedEngineKind> CHOICES =
      new Choices<>("engine", "engine", values());

  /** The ids of all engines, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;

  BoundedEngineKind(String id, String title) {
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

  /** Whether the engine needs Flink's build of RocksDB on its class path, not Kafka Streams'. */
  public boolean needsFlinkRocksDb() {
    return this == ROCKSDB_MAP_STATE;
  }

  /** Whether it is one of RocksDB. */
  public boolean isRocksDb() {
    return this == ROCKSDB_SEGMENTS || this == ROCKSDB_MAP_STATE;
  }

  /**
   * Opens an empty engine.
   *
   * @param memoryBytes of Timelog the memory budget; of RocksDB memtables and block cache
   */
  public KeyedEngine open(EngineSettings settings, long memoryBytes) {
    return switch (this) {
      case TIMELOG -> TimelogEngine.inDirectory(settings.directory(), memoryBytes);
      case TIMELOG_LZ4 -> TimelogEngine.compressed(settings.directory(), memoryBytes);
      case ROCKSDB_SEGMENTS -> KafkaStreamsRocksDbEngine.bounded(settings, memoryBytes);
      case ROCKSDB_MAP_STATE -> FlinkMapStateEngine.bounded(settings, memoryBytes);
    };
  }

  /**
   * The engine of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static BoundedEngineKind of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<BoundedEngineKind> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
