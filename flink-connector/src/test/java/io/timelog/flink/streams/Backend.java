package io.timelog.flink.streams;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.forst.ForStStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** Where the state of operators is. */
enum Backend {
  TIMELOG,
  /** With timers in tables, too. */
  TIMELOG_TIMERS,
  /** With Flink between the operators and their state. */
  TIMELOG_MEASURED,
  HEAP,
  ROCKSDB,
  FORST;

  /**
   * What is asked of it: on backends that are not ours a plain map does the work, a range at a
   * time, which takes a multiple of the time and shows the same from the first steps on.
   */
  Script asked(Script script) {
    return this == ROCKSDB || this == FORST ? script.shortened(3) : script;
  }

  AbstractStateBackend in(Path folder) {
    return switch (this) {
      case TIMELOG -> Backends.configured(memory());
      case TIMELOG_TIMERS -> {
        Configuration configuration = memory();
        configuration.set(TimelogOptions.TIMER_SERVICE_FACTORY, TimerService.TIMELOG);
        yield Backends.configured(configuration);
      }
      case TIMELOG_MEASURED -> {
        Configuration configuration = memory();
        configuration.set(StateLatencyTrackOptions.LATENCY_TRACK_ENABLED, true);
        yield Backends.configured(configuration);
      }
      case HEAP -> new HashMapStateBackend();
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

  private static Configuration memory() {
    Configuration configuration = new Configuration();
    configuration.set(TimelogOptions.FIXED_MEMORY_PER_SLOT, MemorySize.ofMebiBytes(64));
    return configuration;
  }
}
