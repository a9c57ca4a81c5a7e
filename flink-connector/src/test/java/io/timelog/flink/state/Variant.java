package io.timelog.flink.state;

import io.timelog.flink.TimelogStateBackend;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.forst.ForStStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** What time-indexed state may be on. */
enum Variant {
  TIMELOG,
  TIMELOG_MEASURED,
  HEAP,
  HEAP_MEASURED,
  ROCKSDB,
  FORST;

  AbstractStateBackend backend(Path folder) {
    return switch (this) {
      case TIMELOG -> new TimelogStateBackend();
      case TIMELOG_MEASURED -> new TimelogStateBackend().configure(measured(), loader());
      case HEAP -> new HashMapStateBackend();
      case HEAP_MEASURED -> new HashMapStateBackend().configure(measured(), loader());
      case ROCKSDB -> {
        EmbeddedRocksDBStateBackend rocks = new EmbeddedRocksDBStateBackend();
        rocks.setDbStoragePath(folder.toUri().toString());
        yield rocks;
      }
      case FORST -> {
        ForStStateBackend forst = new ForStStateBackend();
        forst.setLocalDbStoragePath(folder.toUri().toString());
        yield forst;
      }
    };
  }

  /** Those that read and write savepoints for each other. */
  static Stream<Variant> withSavepoints() {
    return Stream.of(values()).filter(variant -> variant != FORST);
  }

  private static Configuration measured() {
    Configuration configuration = new Configuration();
    configuration.set(StateLatencyTrackOptions.LATENCY_TRACK_ENABLED, true);
    return configuration;
  }

  private static ClassLoader loader() {
    return Variant.class.getClassLoader();
  }
}
