package io.timelog.benchmarks.engine;

import io.timelog.Maintenance;
import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** The engines, by the names that commands and tables use. */
public enum EngineKind implements Named {
  /** {@link TimelogEngine}, maintained by nobody. */
  TIMELOG("timelog", "Timelog", Memory.HEAP_AND_DIRECT),
  /** {@link TimelogEngine}, maintained in the background. */
  TIMELOG_BACKGROUND("timelog-background", "Timelog, maintained", Memory.HEAP_AND_DIRECT),
  /** {@link TimelogEngine}, its entries in segments. */
  TIMELOG_SEGMENTS("timelog-segments", "Timelog, in segments", Memory.HEAP_AND_DIRECT),
  /** {@link IdealEngine}. */
  IDEAL("ideal", "ideal bound", Memory.HEAP_AND_DIRECT),
  /** {@link TreeMapEngine}. */
  TREE_MAP("treemap", "`TreeMap` per key", Memory.HEAP_AND_DIRECT),
  /** {@link SkipListEngine}. */
  SKIP_LIST("skiplist", "`ConcurrentSkipListMap`", Memory.HEAP_AND_DIRECT),
  /** {@link KafkaStreamsRocksDbEngine}. */
  ROCKSDB_SEGMENTS("rocksdb-segments", "RocksDB, Kafka Streams segments", Memory.RESIDENT_AND_DISK),
  /** {@link FlinkMapStateEngine}. */
  ROCKSDB_MAP_STATE("rocksdb-mapstate", "RocksDB, Flink MapState", Memory.RESIDENT_AND_DISK),
  /** {@link FlinkListStateEngine}. */
  ROCKSDB_LIST_STATE("rocksdb-liststate", "RocksDB, Flink ListState", Memory.RESIDENT_AND_DISK);

  /** Where an engine keeps its entries, and so what has to be weighed. */
  public enum Memory {
    /** Java objects and direct buffers. */
    HEAP_AND_DIRECT,
    /** Native memory, seen as the growth of the process, and files. */
    RESIDENT_AND_DISK
  }

  private static final Choices<EngineKind> CHOICES = new Choices<>("engine", "engine", values());

  /** The ids of all engines, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;
  private final Memory memory;

  EngineKind(String id, String title, Memory memory) {
    this.id = id;
    this.title = title;
    this.memory = memory;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables, in Markdown. */
  public String title() {
    return title;
  }

  /** Where the engine keeps its entries. */
  public Memory memory() {
    return memory;
  }

  /** Whether it is one of RocksDB. */
  public boolean isRocksDb() {
    return memory == Memory.RESIDENT_AND_DISK;
  }

  /** Whether the engine needs Flink's build of RocksDB on its class path, not Kafka Streams'. */
  public boolean needsFlinkRocksDb() {
    return this == ROCKSDB_MAP_STATE || this == ROCKSDB_LIST_STATE;
  }

  /** Opens an empty engine. */
  public KeyedEngine open(EngineSettings settings) {
    return switch (this) {
      case TIMELOG -> TimelogEngine.inMemtable(Maintenance.DISABLED);
      case TIMELOG_BACKGROUND -> TimelogEngine.inMemtable(Maintenance.BACKGROUND);
      case TIMELOG_SEGMENTS -> TimelogEngine.inSegments();
      case IDEAL -> new IdealEngine(settings);
      case TREE_MAP -> new TreeMapEngine();
      case SKIP_LIST -> new SkipListEngine();
      case ROCKSDB_SEGMENTS -> KafkaStreamsRocksDbEngine.unbounded(settings);
      case ROCKSDB_MAP_STATE -> FlinkMapStateEngine.unbounded(settings);
      case ROCKSDB_LIST_STATE -> new FlinkListStateEngine(settings);
    };
  }

  /**
   * The engine of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static EngineKind of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<EngineKind> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
