package io.timelog.benchmarks.kafka;

import io.timelog.benchmarks.report.UsageException;
import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.SessionBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.RocksDbIndexedTimeOrderedWindowBytesStoreSupplier;
import org.apache.kafka.streams.state.internals.RocksDbTimeOrderedSessionBytesStoreSupplier;

/** The stores that are compared. Those of one {@link Shape} do the same work. */
public enum StoreKind {
  IDEAL_WINDOW("ideal-window", "ideal bound", Shape.WINDOW),
  ROCKSDB_WINDOW("rocksdb-window", "`RocksDBWindowStore`", Shape.WINDOW),
  ROCKSDB_TIME_ORDERED("rocksdb-time-ordered", "time-ordered RocksDB, no index", Shape.WINDOW),
  ROCKSDB_TIME_ORDERED_INDEXED(
      "rocksdb-time-ordered-indexed", "time-ordered RocksDB, index", Shape.WINDOW),
  IN_MEMORY_WINDOW("in-memory-window", "`InMemoryWindowStore`", Shape.WINDOW),
  TIMELOG_WINDOW("timelog-window", "Timelog", Shape.WINDOW),
  TIMELOG_WINDOW_IN_MEMORY("timelog-window-in-memory", "Timelog, in-memory kind", Shape.WINDOW),

  ROCKSDB_JOIN("rocksdb-join", "`RocksDBWindowStore` of a join", Shape.JOIN),
  IN_MEMORY_JOIN("in-memory-join", "`InMemoryWindowStore` of a join", Shape.JOIN),
  TIMELOG_JOIN("timelog-join", "Timelog of a join", Shape.JOIN),

  ROCKSDB_SESSION("rocksdb-session", "`RocksDBSessionStore`", Shape.SESSION),
  ROCKSDB_SESSION_TIME_ORDERED(
      "rocksdb-session-time-ordered", "time-ordered RocksDB, index", Shape.SESSION),
  IN_MEMORY_SESSION("in-memory-session", "`InMemorySessionStore`", Shape.SESSION),
  TIMELOG_SESSION("timelog-session", "Timelog", Shape.SESSION),

  ROCKSDB_KEY_VALUE("rocksdb-key-value", "`RocksDBStore`", Shape.KEY_VALUE),
  IN_MEMORY_KEY_VALUE("in-memory-key-value", "`InMemoryKeyValueStore`", Shape.KEY_VALUE),
  TIMELOG_KEY_VALUE("timelog-key-value", "Timelog", Shape.KEY_VALUE);

  /** What a store is for. */
  public enum Shape {
    WINDOW,
    JOIN,
    SESSION,
    KEY_VALUE
  }

  /** How long stores keep what has a time. */
  public static final Duration RETENTION = Duration.ofMinutes(60);

  private static final Duration WINDOW_SIZE = Duration.ofSeconds(10);
  private static final String NAME = "store";

  private final String id;
  private final String title;
  private final Shape shape;

  StoreKind(String id, String title, Shape shape) {
    this.id = id;
    this.title = title;
    this.shape = shape;
  }

  /** The word that stands for the store in options and result files. */
  public String id() {
    return id;
  }

  /** The store, as tables name it. */
  public String title() {
    return title;
  }

  /** What the store is for. */
  public Shape shape() {
    return shape;
  }

  /** Whether it is one of Timelog's. */
  public boolean isOurs() {
    return id.startsWith("timelog");
  }

  /** Whether it is one of RocksDB. */
  public boolean isRocksDb() {
    return id.startsWith("rocksdb");
  }

  /** Whether it is no store that one could use, but the least that the work costs. */
  public boolean isBound() {
    return this == IDEAL_WINDOW;
  }

  /** The names of all stores, separated by commas. */
  public static String ids() {
    return String.join(",", Arrays.stream(values()).map(StoreKind::id).toList());
  }

  /** The stores of these names. */
  public static List<StoreKind> listOf(List<String> ids) {
    return ids.stream().map(StoreKind::of).toList();
  }

  /**
   * Those of these names that have a shape, each once, in their order.
   *
   * @throws UsageException if there is no store of a name
   */
  public static List<StoreKind> ofShape(Shape shape, List<String> ids) {
    return ids.stream().map(StoreKind::of).filter(kind -> kind.shape == shape).distinct().toList();
  }

  /**
   * The store of this name.
   *
   * @throws UsageException if there is none
   */
  public static StoreKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new UsageException("No such store: store=" + id));
  }

  /** A new store, if it is one of windows. */
  public WindowStore<Bytes, byte[]> newWindowStore() {
    return this == IDEAL_WINDOW ? new IdealWindowStore(NAME) : window().get();
  }

  private WindowBytesStoreSupplier window() {
    return switch (this) {
      case ROCKSDB_WINDOW -> Stores.persistentWindowStore(NAME, RETENTION, WINDOW_SIZE, false);
      case ROCKSDB_TIME_ORDERED ->
          RocksDbIndexedTimeOrderedWindowBytesStoreSupplier.create(
              NAME, RETENTION, WINDOW_SIZE, false, false);
      case ROCKSDB_TIME_ORDERED_INDEXED ->
          RocksDbIndexedTimeOrderedWindowBytesStoreSupplier.create(
              NAME, RETENTION, WINDOW_SIZE, false, true);
      case IN_MEMORY_WINDOW -> Stores.inMemoryWindowStore(NAME, RETENTION, WINDOW_SIZE, false);
      case TIMELOG_WINDOW -> TimelogStores.windowStore(NAME, RETENTION, WINDOW_SIZE);
      case TIMELOG_WINDOW_IN_MEMORY ->
          TimelogStores.windowStore(NAME, RETENTION, WINDOW_SIZE).inMemory();
      case ROCKSDB_JOIN -> Stores.persistentWindowStore(NAME, RETENTION, WINDOW_SIZE, true);
      case IN_MEMORY_JOIN -> Stores.inMemoryWindowStore(NAME, RETENTION, WINDOW_SIZE, true);
      case TIMELOG_JOIN ->
          TimelogStores.windowStore(NAME, RETENTION, WINDOW_SIZE).retainingDuplicates();
      default -> throw new IllegalStateException("Not a window store: store=" + id);
    };
  }

  SessionBytesStoreSupplier session() {
    return switch (this) {
      case ROCKSDB_SESSION -> Stores.persistentSessionStore(NAME, RETENTION);
      case ROCKSDB_SESSION_TIME_ORDERED ->
          new RocksDbTimeOrderedSessionBytesStoreSupplier(NAME, RETENTION.toMillis(), true);
      case IN_MEMORY_SESSION -> Stores.inMemorySessionStore(NAME, RETENTION);
      case TIMELOG_SESSION -> TimelogStores.sessionStore(NAME, RETENTION);
      default -> throw new IllegalStateException("Not a session store: store=" + id);
    };
  }

  /** What makes the store, if it is one of keys and values. */
  public KeyValueBytesStoreSupplier keyValue() {
    return switch (this) {
      case ROCKSDB_KEY_VALUE -> Stores.persistentKeyValueStore(NAME);
      case IN_MEMORY_KEY_VALUE -> Stores.inMemoryKeyValueStore(NAME);
      case TIMELOG_KEY_VALUE -> TimelogStores.keyValueStore(NAME);
      default -> throw new IllegalStateException("Not a key-value store: store=" + id);
    };
  }
}
