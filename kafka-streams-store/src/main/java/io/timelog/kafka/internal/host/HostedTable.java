package io.timelog.kafka.internal.host;

import io.timelog.ConcurrentWriterException;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.MemoryClaim;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimelogException;
import io.timelog.TimelogStore;
import io.timelog.kafka.TimelogStoreConfig;
import io.timelog.kafka.internal.durability.Backing;
import io.timelog.kafka.internal.durability.StoreFacts;
import io.timelog.kafka.internal.durability.StoreHome;
import io.timelog.kafka.internal.metrics.OperationMetrics;
import io.timelog.kafka.internal.metrics.StoreMetrics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.processor.internals.ProcessorContextUtils;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table in the hands of one task: the entries and everything that is true of exactly these
 * entries, so that all of it appears and disappears together. That is the position in the input
 * topics, the committed changelog offsets, and whether the store is open. What was committed to a
 * directory is read from there when it is first needed: Kafka Streams initializes stores of which
 * it only wants to know the offsets.
 *
 * <p>One thread at a time writes, first the one that restores and then the one that processes; any
 * thread may read, also while another closes.
 */
public final class HostedTable implements ReadableTable {
  private static final Logger LOG = LoggerFactory.getLogger(HostedTable.class);

  private static final String NO_ROOM =
      " Raise "
          + TimelogStoreConfig.MEMORY_BUDGET_BYTES
          + ", or give the instance fewer tasks or the store a shorter retention.";

  private final String storeName;
  private final StateStoreContext context;
  private final StoreHome home;
  private final TablesOnDemand tables;
  private final DroppedRecords droppedRecords;
  private final StoreMetrics metrics;
  private final Position position;

  /** The record of the last write, which nearly always is that of the next, too. For the writer. */
  private @Nullable RecordMetadata positioned;

  /** Whether the application has written anything since the last commit. For the writer. */
  private boolean written;

  /** Whether the last commit that a producer told of was refused. For the writer. */
  private boolean fallenBehind;

  /** Whether it was said that the application commits what is not here. For the writer. */
  private boolean toldOfForeignOffsets;

  private final CommittedOffsets offsets;

  /** What the store has to know again when it is opened. For the writer. */
  private Supplier<List<Long>> remembered = List::of;

  private volatile @Nullable OperationMetrics operations;
  private final MemoryClaim heap;
  private final boolean transactional;
  private final Backing backing;

  /** Null if a commit of the application means nothing to the store, or to this kind of store. */
  private volatile @Nullable Committed<?> committed;

  private volatile boolean open = true;

  private HostedTable(
      TableOptions options, StoreHome home, String storeName, StateStoreContext context) {
    this.storeName = storeName;
    this.context = context;
    this.home = home;
    this.tables = new TablesOnDemand(home, options);
    this.position = home.found().position().copy();
    this.offsets = new CommittedOffsets(home.found().offsets());
    this.heap = MemoryBudgets.of(context).claim();
    this.transactional = KafkaTransactions.areOn(context);
    this.backing = StoreHomes.backing(storeName, context);
    this.droppedRecords = DroppedRecords.of(context);
    this.metrics =
        StoreMetrics.register(context.metrics(), context.taskId(), storeName, tables::figures);
  }

  /**
   * A table within the memory budget of the application: empty, or of the persistent kind as it was
   * committed last. To be called on the thread that initializes the store.
   *
   * @param layout how the store keeps keys, values and time, in words; a table of another layout is
   *     given up and restored
   * @throws ProcessorStateException if the directory of the task does not let the store have its
   *     table; says what to do
   * @throws org.apache.kafka.common.config.ConfigException if the configuration of the application
   *     has a memory budget that is not a positive number
   */
  static HostedTable of(
      TableOptions options,
      String layout,
      StoreKind kind,
      String storeName,
      StateStoreContext context) {
    StoreHome home = StoreHomes.of(kind, layout, storeName, context);
    try {
      return new HostedTable(options, home, storeName, context);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  /**
   * Has another table made beside this one when it is opened, for what the store derives from its
   * entries: it is seen at the same moments and closed with this one, and it begins empty. To be
   * called on the thread that initializes the store.
   */
  public void openBeside(TableOptions other) {
    tables.addBeside(other);
  }

  /**
   * A table beside this one.
   *
   * @throws InvalidStateStoreException if it is closed
   */
  public Table beside(String name) {
    requireOpen();
    try {
      return tables.beside(name);
    } catch (IllegalStateException e) {
      throw unlessClosed(e);
    }
  }

  /**
   * What the store knew when the entries were committed that it was opened with: the numbers of
   * {@link #remember}; empty if it begins anew.
   */
  public List<Long> remembered() {
    return home.found().remembered();
  }

  /**
   * From now on commits with the entries what the store has to know again when it is opened. To be
   * called once, on the thread that initializes the store.
   *
   * @param numbers called by the writer
   */
  public void remember(Supplier<List<Long>> numbers) {
    remembered = numbers;
  }

  /**
   * Has the operations of the store timed from now on until the table is closed, for a store that
   * no layer of Kafka Streams times. To be called once, on the thread that initializes the store.
   *
   * @param scope the kind of store, as in {@code metricsScope()} of a supplier
   */
  public OperationMetrics timeOperations(String scope) {
    OperationMetrics registered =
        OperationMetrics.register(context.metrics(), task(), scope, storeName);
    operations = registered;
    return registered;
  }

  /**
   * The table.
   *
   * @throws InvalidStateStoreException if it is closed
   */
  public Table table() {
    requireOpen();
    try {
      return tables.table();
    } catch (IllegalStateException e) {
      throw unlessClosed(e);
    }
  }

  /**
   * Returns normally if the table is open.
   *
   * @throws InvalidStateStoreException if it is closed
   */
  public void requireOpen() {
    if (!open) {
      throw closed(null);
    }
  }

  @Override
  public TableReader reader() {
    return table();
  }

  @Override
  public RuntimeException unlessClosed(IllegalStateException refusal) {
    return open ? refusal : closed(refusal);
  }

  private InvalidStateStoreException closed(@Nullable Throwable cause) {
    return new InvalidStateStoreException("Store is closed: " + place(), cause);
  }

  /** The store and the task, as errors name them. */
  public String place() {
    return "store=" + storeName + ", task=" + task();
  }

  @Override
  public PinnedTable pin() {
    Snapshot snapshot = snapshot();
    return new PinnedTable(snapshot, snapshot.table(tables.name()), snapshot::close);
  }

  /** The table as it is at this moment, for whoever is its owner. */
  PastTable past() {
    Snapshot snapshot = snapshot();
    return new PastTable(this, snapshot, snapshot.table(tables.name()));
  }

  private Snapshot snapshot() {
    requireOpen();
    try {
      return tables.engine().snapshot();
    } catch (IllegalStateException e) {
      throw unlessClosed(e);
    }
  }

  /**
   * From now on keeps what was committed, if commits of the application mean anything to its
   * stores. To be called once, on the thread that initializes the store, before anything is
   * written.
   *
   * @param <S> what the store knows beside its entries
   * @param state it, which the writer changes
   * @param freeze makes of it one that the writer does not change; called by the writer
   */
  public <S> Committed<S> keepCommitted(S state, UnaryOperator<S> freeze) {
    Committed<S> kept = new Committed<>(this, state, freeze);
    if (transactional) {
      committed = kept;
    }
    return kept;
  }

  /**
   * Says that the application is about to write, or to move the position. For the writer, before it
   * changes anything; what is restored was committed, and is told to {@link #beforeRestore}.
   *
   * @param bytes of keys and values about to be written
   * @throws InvalidStateStoreException if the table is closed
   */
  public void beforeWrite(long bytes) {
    beforeChange(bytes);
    Committed<?> kept = committed;
    if (kept != null) {
      kept.beforeWrite(bytes);
    }
  }

  private void beforeChange(long bytes) {
    try {
      home.beforeChange(bytes);
    } catch (IllegalStateException e) {
      throw unlessClosed(e);
    }
  }

  /** Whether a commit of the application is one of the store. */
  public boolean isTransactional() {
    return transactional;
  }

  /** About how many bytes were written since the last commit. */
  public long uncommittedBytes() {
    Committed<?> kept = committed;
    return kept == null ? 0 : kept.uncommittedBytes();
  }

  /**
   * Writes what is in the memtable to segments. For the writer.
   *
   * @throws InvalidStateStoreException if the table is closed
   * @throws MemoryBudgetExceededException if there is no room for the segments
   */
  public void flush() {
    requireOpen();
    tables.engine().flush();
  }

  /** The topic that is the changelog of the store, or would be if it had one. */
  public String changelogTopic() {
    return ProcessorContextUtils.changelogFor(context, storeName, false);
  }

  /** The task that owns the table. */
  public TaskId task() {
    return context.taskId();
  }

  /** How far the store has come in the topics of the records that were written to it. */
  public Position position() {
    return position;
  }

  /**
   * Notes that the record that is being processed is in the table. Comes after the write, so that
   * whoever sees the position finds the entry too.
   */
  public void advancePosition() {
    if (!written) {
      written = true;
      offsets.written();
      WrittenTables.ofThisThread().add(this);
    }
    RecordMetadata record = context.recordMetadata().orElse(null);
    if (record != null && record != positioned && record.topic() != null) {
      position.withComponent(record.topic(), record.partition(), record.offset());
      positioned = record;
    }
  }

  /** Counts a record that came too late for the store. */
  public void countDropped() {
    droppedRecords.record();
  }

  /**
   * Answers an interactive query with {@code handler} if the store has come to {@code bound}. A
   * query that cannot be answered has a failed result; nothing is thrown.
   */
  public <R> QueryResult<R> answer(
      Query<R> query,
      PositionBound bound,
      QueryConfig config,
      StateStore store,
      QueryHandler handler) {
    Committed<?> kept = committed;
    IsolationLevel level =
        kept == null ? IsolationLevel.READ_UNCOMMITTED : KafkaTransactions.levelOf(config);
    // Taken first: entries arrive before the position moves, so the result is at least this new.
    Position reached =
        kept == null || level == IsolationLevel.READ_UNCOMMITTED
            ? position.copy()
            : kept.position();
    return InteractiveQueries.answer(
        query,
        bound,
        config,
        store,
        reached,
        task().partition(),
        asked -> handler.run(asked, level));
  }

  /** Says that records of the changelog are about to be brought in. */
  void beforeRestore(Collection<ConsumerRecord<byte[], byte[]>> records) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += length(record.key()) + length(record.value());
    }
    beforeChange(bytes);
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Notes that records of the changelog are in the table. */
  void restored(Collection<ConsumerRecord<byte[], byte[]>> records) {
    String topic = "";
    int partition = -1;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.partition() != partition || !record.topic().equals(topic)) {
        topic = record.topic();
        partition = record.partition();
        offsets.restored(new TopicPartition(topic, partition));
      }
    }
  }

  /**
   * What was written is committed. Takes over what {@code StateStore.commit} says of the changelog,
   * for the entries there are, and keeps it with them.
   *
   * @throws ProcessorStateException if the directory does not take the commit; the entries are as
   *     they were, and the commit before stands
   */
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    Committed<?> kept = committed;
    if (kept != null) {
      kept.commit();
    }
    if (!offsets.commit(changelogOffsets) && !toldOfForeignOffsets) {
      toldOfForeignOffsets = true;
      LOG.info(
          "Not taking over offsets of entries that this store does not hold; it is restored from"
              + " its changelog. {}, offsets={}",
          place(),
          changelogOffsets);
    }
    if (open) {
      try {
        home.commit(() -> new StoreFacts(offsets.all(), position.copy(), remembered.get()));
        written = false;
      } catch (IllegalArgumentException e) {
        throw failure("Commit failed", e);
      } catch (TimelogException | IllegalStateException e) {
        throw refusal("Commit failed", e);
      }
    }
  }

  /**
   * A transaction that has all that was written is committed, as the producer of the thread says.
   * For the writer.
   *
   * <p>It cannot be refused any more, and Kafka Streams would take an exception for the failure of
   * the transaction. So a commit that the directory does not take is left to the next one, and the
   * log of the application says what a crash would cost until then.
   *
   * @param committed the last records of partitions that are in it
   */
  void transactionCommitted(Map<TopicPartition, Long> committed) {
    if (!written) {
      return;
    }
    Map<TopicPartition, Long> offsetsOfStore = Map.of();
    if (backing != Backing.NOTHING) {
      TopicPartition changelog = new TopicPartition(changelogTopic(), task().partition());
      Long offset = committed.get(changelog);
      if (offset == null) {
        return;
      }
      offsetsOfStore = Map.of(changelog, offset);
    }
    try {
      commit(offsetsOfStore);
      fallenBehind = false;
    } catch (ProcessorStateException e) {
      if (!fallenBehind) {
        fallenBehind = true;
        LOG.warn(
            "The transaction is committed, and the store is not: until it is, a crash restores what"
                + " came since. {}",
            place(),
            e);
      }
    }
  }

  /** The last committed offset of the partition; null if there is none. */
  public @Nullable Long committedOffset(TopicPartition partition) {
    return offsets.of(partition);
  }

  /**
   * Counts {@code bytes} on the heap, of what a store keeps beside its table, into the memory
   * budget, until they are given back or the table is closed. Where there is no room, the table is
   * asked to make some. For the writer.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing is counted
   * @throws InvalidStateStoreException if the table is closed
   */
  public void reserveHeap(long bytes) {
    if (!tryReserveHeap(bytes)) {
      TimelogStore engine = tables.engine();
      engine.flush();
      engine.compact();
      reserveHeapNow(bytes);
    }
  }

  /**
   * As {@link #reserveHeap}, for any thread, with no attempt to make room.
   *
   * @throws MemoryBudgetExceededException if there is none; nothing is counted
   * @throws InvalidStateStoreException if the table is closed
   */
  public void reserveHeapNow(long bytes) {
    synchronized (heap) {
      requireOpen();
      heap.grow(bytes);
    }
  }

  private boolean tryReserveHeap(long bytes) {
    synchronized (heap) {
      requireOpen();
      return heap.tryGrow(bytes);
    }
  }

  /** Gives back {@code bytes} of those that were reserved. Does nothing once it is closed. */
  public void releaseHeap(long bytes) {
    heap.shrink(bytes);
  }

  /** Whether the table can be read and written. */
  public boolean isOpen() {
    return open;
  }

  /** Gives the memory back, once no write is under way. Closing twice does nothing. */
  public void close() {
    synchronized (heap) {
      open = false;
      heap.close();
    }
    metrics.close();
    OperationMetrics timed = operations;
    if (timed != null) {
      timed.close();
    }
    offsets.close();
    closeEngine();
    Committed<?> kept = committed;
    if (kept != null) {
      kept.close();
    }
  }

  /** Ends a write that is under way before; none begins any more. */
  @SuppressWarnings("ThreadPriorityCheck") // a writer that lost its processor must get it back
  private void closeEngine() {
    while (true) {
      try {
        home.close();
        return;
      } catch (ConcurrentWriterException e) {
        Thread.yield();
      }
    }
  }

  /**
   * What a write has to throw that the engine refused: that the store is closed, if another thread
   * did that meanwhile; else the {@link #failure}, or what it was if the engine has no part in it.
   */
  public RuntimeException refusal(String what, RuntimeException cause) {
    if (cause instanceof TimelogException) {
      return failure(what, cause);
    }
    return cause instanceof IllegalStateException && !open
        ? new InvalidStateStoreException(
            "Store is closed, and this write was not accepted: " + place(), cause)
        : cause;
  }

  /**
   * A failure with the names that lead an operator to its place, and with the setting that helps if
   * there is no room.
   */
  public ProcessorStateException failure(String what, RuntimeException cause) {
    return new ProcessorStateException(
        what
            + ": "
            + place()
            + ", cause="
            + cause.getMessage()
            + (cause instanceof MemoryBudgetExceededException ? NO_ROOM : ""),
        cause);
  }
}
