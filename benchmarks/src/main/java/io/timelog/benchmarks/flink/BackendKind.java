package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimelogStateBackendFactory;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBOptions;

/** The state backends, by the names that commands and tables use. */
public enum BackendKind implements Named {
  /** All state in Timelog. */
  TIMELOG("timelog", "Timelog"),
  /** Objects on the heap. */
  HEAP("heap", "heap"),
  /** Flink's RocksDB, with as much managed memory as Timelog. */
  ROCKSDB("rocksdb", "RocksDB");

  private static final Choices<BackendKind> CHOICES = new Choices<>("backend", "backend", values());

  /** The ids of all backends, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private static final MemorySize FIXED_MEMORY = MemorySize.ofMebiBytes(1_024);

  private final String id;
  private final String title;

  BackendKind(String id, String title) {
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

  /** Whether the backend needs Flink's build of RocksDB on its class path. */
  public boolean needsFlinkRocksDb() {
    return this == ROCKSDB;
  }

  /** The backend in the configuration of a job, {@code state.backend.type}. */
  public String type() {
    return switch (this) {
      case TIMELOG -> TimelogStateBackendFactory.class.getName();
      case HEAP -> "hashmap";
      case ROCKSDB -> "rocksdb";
    };
  }

  /**
   * The backend as a job has it.
   *
   * @param directory for files, if it has any
   */
  AbstractStateBackend backend(Path directory) {
    return configured(directory, new Configuration());
  }

  /** As {@link #backend}, with incremental checkpoints, if it has any. */
  public AbstractStateBackend incremental(Path directory) {
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    return configured(directory, configuration);
  }

  /** As {@link #backend}, with a gigabyte of memory that is not Flink's, where it takes any. */
  public AbstractStateBackend ofFixedMemory(Path directory) {
    Configuration configuration = new Configuration();
    configuration.set(TimelogOptions.FIXED_MEMORY_PER_SLOT, FIXED_MEMORY);
    configuration.set(RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE, FIXED_MEMORY);
    return configured(directory, configuration);
  }

  private AbstractStateBackend configured(Path directory, Configuration configuration) {
    ClassLoader classes = BackendKind.class.getClassLoader();
    return switch (this) {
      case TIMELOG -> new TimelogStateBackend().configure(configuration, classes);
      case HEAP -> new HashMapStateBackend();
      case ROCKSDB -> {
        EmbeddedRocksDBStateBackend rocksDb =
            new EmbeddedRocksDBStateBackend().configure(configuration, classes);
        rocksDb.setDbStoragePath(directory.toUri().toString());
        yield rocksDb;
      }
    };
  }

  /**
   * The backend of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static BackendKind of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<BackendKind> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
