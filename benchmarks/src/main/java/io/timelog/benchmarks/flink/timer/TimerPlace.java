package io.timelog.benchmarks.flink.timer;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import io.timelog.flink.TimelogOptions;
import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.TimerService;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend.PriorityQueueStateType;

/** Where timers can be kept, by the names that commands and tables use. */
public enum TimerPlace implements Named {
  /** In tables of Timelog's backend. */
  TABLES("tables", "tables of Timelog"),
  /** In Flink's queues on the heap, which Timelog's backend has unless told otherwise. */
  HEAP("heap", "heap"),
  /** In RocksDB, where its backend has them unless told otherwise. */
  ROCKSDB("rocksdb", "RocksDB");

  private static final Choices<TimerPlace> CHOICES =
      new Choices<>("place of timers", "place", values());

  /** The ids of all places, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;

  TimerPlace(String id, String title) {
    this.id = id;
    this.title = title;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  AbstractStateBackend backend(Path directory) {
    return switch (this) {
      case TABLES -> timelog(TimerService.TIMELOG);
      case HEAP -> timelog(TimerService.HEAP);
      case ROCKSDB -> {
        EmbeddedRocksDBStateBackend rocksDb = new EmbeddedRocksDBStateBackend();
        rocksDb.setDbStoragePath(directory.toUri().toString());
        rocksDb.setPriorityQueueStateType(PriorityQueueStateType.ROCKSDB);
        yield rocksDb;
      }
    };
  }

  private static TimelogStateBackend timelog(TimerService timers) {
    Configuration configuration = new Configuration();
    configuration.set(TimelogOptions.TIMER_SERVICE_FACTORY, timers);
    return new TimelogStateBackend().configure(configuration, TimerPlace.class.getClassLoader());
  }

  /**
   * The place of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static TimerPlace of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<TimerPlace> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
