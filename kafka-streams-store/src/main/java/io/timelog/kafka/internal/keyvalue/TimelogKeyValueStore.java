package io.timelog.kafka.internal.keyvalue;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TableStats;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.format.ValueBytes;
import io.timelog.kafka.internal.host.Committed;
import io.timelog.kafka.internal.host.HostedStore;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.KafkasAdapter;
import io.timelog.kafka.internal.host.PinnedTable;
import io.timelog.kafka.internal.host.ReadableTable;
import io.timelog.kafka.internal.host.Readings;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.keyvalue.sorted.KeyTree;
import io.timelog.kafka.internal.keyvalue.sorted.KeyTreeBuilder;
import io.timelog.kafka.internal.keyvalue.sorted.SortedKeys;
import io.timelog.kafka.internal.scan.Direction;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.ResultOrder;
import org.apache.kafka.streams.state.HeadersBytesStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.TimestampedBytesStore;
import org.jspecify.annotations.Nullable;

/**
 * A key-value store that stands on a table of the engine. Keys are ordered by their bytes as
 * unsigned numbers; both bounds of a range are included, and null as a bound means unbounded.
 *
 * <p>One thread at a time writes, any thread may read. Iterators see the moment of their first
 * {@code hasNext()}, belong to one thread and must be closed.
 */
sealed class TimelogKeyValueStore extends HostedStore implements KeyValueStore<Bytes, byte[]>
    permits TimelogKeyValueStore.Timestamped, TimelogKeyValueStore.WithHeaders {
  /*
   * The table finds a key by its hash and knows no order but by sorting all keys, which takes a second
   * for a million. Most stores are never read in order, so the order is kept only once somebody asked
   * for it: the first such read sorts, and from then on every key that comes or goes is noted. Sorting
   * is the one moment at which a reader holds up the writer; a reader, when it begins, waits for the
   * write that is under way. The sorted keys are on the heap, and count into the memory budget like the
   * entries.
   */

  /** The order of the keys of a table. */
  @FunctionalInterface
  private interface OrderedKeys {
    /** Keys and entries at this moment, to be closed. */
    KeySpanIterator.Moment momentOf(ReadableTable table);
  }

  /** Where every entry lies in the time of the table. */
  static final long TIMESTAMP = 0;

  /** Held by whoever changes entries and keys together, sorts, or takes a moment of both. */
  private final Object changes = new Object();

  /** Whether entries are being put that readers must see together; changed under the lock. */
  private volatile boolean puttingAll;

  /** Whether Kafka Streams turns these plain values into values with timestamps. */
  private volatile boolean behindAdapter;

  /** The keys in order; null as long as nobody asked for it. Read and changed under the lock. */
  private @Nullable KeyTree keys;

  private volatile @Nullable Committed<OrderedKeys> committed;

  TimelogKeyValueStore(String name, StoreKind kind) {
    super(name, kind);
  }

  @Override
  public final void init(StateStoreContext context, StateStore root) {
    HostedTable opened =
        tableOf(TableOptions.map(name()).unbounded().build(), values() + " by key", context);
    synchronized (changes) {
      keys = null;
    }
    committed = opened.keepCommitted(table -> moment(opened), present -> frozen(opened));
    host(opened);
    behindAdapter = KafkasAdapter.standsBefore(root);
    register(context, root, this::restore);
  }

  @Override
  public final void put(Bytes key, byte @Nullable [] value) {
    byte[] keyBytes = bytes(key);
    HostedTable opened = hosted();
    opened.requireOpen();
    opened.beforeWrite(keyBytes.length + (value == null ? 0 : value.length));
    try {
      write(opened, keyBytes, value);
    } catch (TimelogException | IllegalStateException e) {
      throw opened.refusal("Put failed", e);
    }
    opened.advancePosition();
  }

  private static byte[] bytes(Bytes key) {
    return Objects.requireNonNull(key, "key cannot be null").get();
  }

  private void write(HostedTable opened, byte[] key, byte @Nullable [] value) {
    Table table = opened.table();
    synchronized (changes) {
      KeyTree known = keys;
      if (value == null) {
        table.remove(key, TIMESTAMP);
        forget(opened, key);
      } else if (known != null && known.add(key)) {
        putNew(opened, known, key, value);
      } else {
        table.put(key, TIMESTAMP, value);
      }
    }
  }

  /** To be called under the lock. */
  private void forget(HostedTable opened, byte[] key) {
    KeyTree known = keys;
    if (known != null && known.remove(key)) {
      opened.releaseHeap(KeyTree.bytesFor(key.length));
    }
  }

  // The memory of a key comes first: once the entry is in the table, nothing may fail.
  private static void putNew(HostedTable opened, KeyTree known, byte[] key, byte[] value) {
    long bytes = KeyTree.bytesFor(key.length);
    long reserved = 0;
    try {
      opened.reserveHeap(bytes);
      reserved = bytes;
      opened.table().put(key, TIMESTAMP, value);
    } catch (RuntimeException e) {
      known.remove(key);
      opened.releaseHeap(reserved);
      throw e;
    }
  }

  // As a ChangelogReader: records are put as they come.
  private void restore(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    if (key == null) {
      throw new IllegalArgumentException("A record of the changelog has no key");
    }
    checkFormat(record.value());
    write(hosted(), key, record.value());
  }

  /** What the values are, in words. */
  String values() {
    return "PLAIN values";
  }

  /**
   * Checks a value of the changelog.
   *
   * @throws IllegalArgumentException if these bytes cannot be a value in the format of the store
   */
  void checkFormat(byte @Nullable [] value) {
    // Any bytes are a plain value.
  }

  @Override
  public final byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
    byte[] present = get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  /**
   * {@inheritDoc} Readers see all entries or none. Where an entry is refused, for want of memory
   * say, the ones before it stay: each is what a {@code put} of it had made, and Kafka Streams asks
   * no more of this method. What throws ends the task, and its stores are restored from changelogs,
   * to which Kafka's own layer has written nothing of the whole list by then.
   */
  @Override
  public final void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    for (KeyValue<Bytes, byte[]> entry : entries) {
      bytes(entry.key);
    }
    synchronized (changes) {
      puttingAll = true;
      try {
        for (KeyValue<Bytes, byte[]> entry : entries) {
          put(entry.key, entry.value);
        }
      } finally {
        puttingAll = false;
      }
    }
  }

  @Override
  public final byte @Nullable [] delete(Bytes key) {
    byte[] keyBytes = bytes(key);
    HostedTable opened = hosted();
    Table table = opened.table();
    opened.beforeWrite(keyBytes.length);
    byte[] present;
    try {
      synchronized (changes) {
        present = table.removeAndGet(keyBytes, TIMESTAMP);
        forget(opened, keyBytes);
      }
    } catch (TimelogException | IllegalStateException e) {
      throw opened.refusal("Delete failed", e);
    }
    opened.advancePosition();
    return present;
  }

  @Override
  public final byte @Nullable [] get(Bytes key) {
    byte[] keyBytes = bytes(key);
    HostedTable opened = hosted();
    Table table = opened.table();
    try {
      if (puttingAll) {
        // Who found one of the entries must find the others, too.
        synchronized (changes) {
          return table.get(keyBytes, TIMESTAMP);
        }
      }
      return table.get(keyBytes, TIMESTAMP);
    } catch (IllegalStateException e) {
      throw opened.unlessClosed(e);
    }
  }

  @Override
  public final KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
    return iterator(from, to, Direction.FORWARD);
  }

  @Override
  public final KeyValueIterator<Bytes, byte[]> reverseRange(
      @Nullable Bytes from, @Nullable Bytes to) {
    return iterator(from, to, Direction.BACKWARD);
  }

  @Override
  public final KeyValueIterator<Bytes, byte[]> all() {
    return range(null, null);
  }

  @Override
  public final KeyValueIterator<Bytes, byte[]> reverseAll() {
    return reverseRange(null, null);
  }

  @Override
  public final <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(
      P prefix, S prefixKeySerializer) {
    Objects.requireNonNull(prefix, "prefix cannot be null");
    Objects.requireNonNull(prefixKeySerializer, "prefixKeySerializer cannot be null");
    return iterator(
        KeySpan.startingWith(prefixKeySerializer.serialize(null, prefix)), Direction.FORWARD);
  }

  private KeyValueIterator<Bytes, byte[]> iterator(
      @Nullable Bytes from, @Nullable Bytes to, Direction direction) {
    return iterator(KeySpan.between(from, to), direction);
  }

  private KeyValueIterator<Bytes, byte[]> iterator(KeySpan span, Direction direction) {
    return iterator(committed().present(), span, direction);
  }

  private KeyValueIterator<Bytes, byte[]> iterator(
      Readings<OrderedKeys> readings, KeySpan span, Direction direction) {
    HostedTable opened = hosted();
    opened.requireOpen();
    return new KeySpanIterator(
        opened, () -> readings.read(from -> from.state().momentOf(from.table())), span, direction);
  }

  private Committed<OrderedKeys> committed() {
    Committed<OrderedKeys> now = committed;
    if (now == null) {
      throw new InvalidStateStoreException("Store is not initialized: store=" + name());
    }
    return now;
  }

  /** Keys and entries together: between the two nobody writes. */
  private KeySpanIterator.Moment moment(HostedTable opened) {
    synchronized (changes) {
      KeyTree known = keys;
      if (known == null) {
        known = sortKeys(opened, opened.reader());
        keys = known;
      }
      return new KeySpanIterator.Moment(known.snapshot(), opened.pin(), () -> {});
    }
  }

  /** The order of the keys that there are now, for readers that see them later. For the writer. */
  private OrderedKeys frozen(HostedTable opened) {
    synchronized (changes) {
      KeyTree known = keys;
      SortedKeys sorted = known == null ? null : known.snapshot();
      return table -> pastMoment(opened, table, sorted);
    }
  }

  private KeySpanIterator.Moment pastMoment(
      HostedTable opened, ReadableTable table, @Nullable SortedKeys known) {
    PinnedTable pinned = table.pin();
    if (known != null) {
      return new KeySpanIterator.Moment(known, pinned, () -> {});
    }
    try {
      // From now on the order is kept, and the next reader of what was committed need not sort.
      moment(opened).close();
      KeyTree sorted = sortKeys(opened, pinned.reader());
      long heapBytes = sorted.heapBytes();
      return new KeySpanIterator.Moment(
          sorted.snapshot(), pinned, () -> opened.releaseHeap(heapBytes));
    } catch (RuntimeException e) {
      pinned.close();
      throw e;
    }
  }

  /** The keys of a table in order; their heap is reserved. */
  private static KeyTree sortKeys(HostedTable opened, TableReader table) {
    KeyTreeBuilder builder = new KeyTreeBuilder();
    try (Cursor entries = table.scanByKey(TimeRange.all())) {
      while (entries.advance()) {
        builder.add(entries.key());
      }
      KeyTree sorted = builder.build();
      opened.reserveHeapNow(sorted.heapBytes());
      return sorted;
    } catch (TimelogException e) {
      throw opened.failure("Sorting the keys failed", e);
    } catch (IllegalStateException e) {
      throw opened.unlessClosed(e);
    }
  }

  @Override
  public final long approximateNumEntries() {
    Table table = hosted().table();
    synchronized (changes) {
      KeyTree known = keys;
      if (known != null) {
        return known.size();
      }
    }
    TableStats stats = table.stats();
    return stats.sizeEstimate();
  }

  /**
   * What was committed, if that is asked for and the application has transactional stores; else the
   * store itself. Part of {@code ReadOnlyKeyValueStore} from Kafka Streams 4.4 on.
   */
  public final ReadOnlyKeyValueStore<Bytes, byte[]> readOnly(IsolationLevel isolationLevel) {
    return readsCommitted(isolationLevel) ? new CommittedKeyValues(this) : this;
  }

  final byte @Nullable [] committed(Bytes key) {
    byte[] keyBytes = bytes(key);
    return committed().read(from -> from.table().read(table -> table.get(keyBytes, TIMESTAMP)));
  }

  final KeyValueIterator<Bytes, byte[]> committed(KeySpan span, Direction direction) {
    return iterator(committed(), span, direction);
  }

  @Override
  protected final @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level) {
    if (query instanceof KeyQuery<?, ?> one) {
      Bytes key = (Bytes) one.getKey();
      return QueryResult.forResult(
          level == IsolationLevel.READ_COMMITTED ? committed(key) : get(key));
    }
    if (query instanceof RangeQuery<?, ?> many) {
      if (behindAdapter) {
        return QueryResult.forFailure(
            FailureReason.UNKNOWN_QUERY_TYPE,
            "Kafka's adapter from plain values to values with timestamps answers range queries for"
                + " RocksDB alone. Make the store by TimelogStores.timestampedKeyValueStore, which"
                + " needs no adapter: store="
                + name()
                + ", query="
                + query);
      }
      Bytes from = (Bytes) many.getLowerBound().orElse(null);
      Bytes to = (Bytes) many.getUpperBound().orElse(null);
      Direction direction =
          many.resultOrder() == ResultOrder.DESCENDING ? Direction.BACKWARD : Direction.FORWARD;
      return QueryResult.forResult(
          level == IsolationLevel.READ_COMMITTED
              ? committed(KeySpan.between(from, to), direction)
              : iterator(from, to, direction));
    }
    return null;
  }

  /** A store whose values begin with a timestamp, which Kafka Streams tells by the type. */
  static final class Timestamped extends TimelogKeyValueStore implements TimestampedBytesStore {
    Timestamped(String name, StoreKind kind) {
      super(name, kind);
    }

    @Override
    String values() {
      return "TIMESTAMPED values";
    }

    @Override
    void checkFormat(byte @Nullable [] value) {
      ValueBytes.checkTimestamped(value);
    }
  }

  /** A store whose values begin with headers and a timestamp, which is told by the type, too. */
  static final class WithHeaders extends TimelogKeyValueStore
      implements TimestampedBytesStore, HeadersBytesStore {
    WithHeaders(String name, StoreKind kind) {
      super(name, kind);
    }

    @Override
    String values() {
      return "HEADERS values";
    }

    @Override
    void checkFormat(byte @Nullable [] value) {
      ValueBytes.checkWithHeaders(value);
    }
  }
}
