package io.timelog;

import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.StoreObservers;
import io.timelog.internal.engine.StoreOpening;
import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.engine.TableSettings;
import io.timelog.internal.engine.WindowGrid;
import io.timelog.internal.key.Key;
import io.timelog.internal.log.LogWriter;
import io.timelog.internal.log.Payloads;
import io.timelog.internal.log.ValueReader;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.medium.MemoryMedium;
import io.timelog.internal.read.KeyCount;
import io.timelog.internal.read.KeyScan;
import io.timelog.internal.read.PageSlices;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One log of values of any type, in time order, without keys: a multimap from timestamps to values
 * that is appended to in roughly that order, read by ranges of time, and forgotten from the old
 * end. For entries that have keys, see {@link TimelogStore}.
 *
 * <pre>{@code
 * try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
 *   log.append(10, "open");
 *   log.append(30, "close");
 *   log.append(20, "edit"); // out of order, and in its place when read
 *   for (Entry<String> entry : log.range(10, 30)) { // 30 is not in [10, 30)
 *     consume(entry.timestamp(), entry.value());
 *   }
 *   log.deleteBefore(25); // open and edit are gone
 * }
 * }</pre>
 *
 * <p>Entries with equal timestamps are kept and keep their order of arrival. Every {@code long} is
 * a timestamp like any other. Ranges are half-open, {@code [start, end)}, and empty if {@code start
 * >= end}. A delete hides what was written before it and nothing that is written after it.
 *
 * <p><b>Threads.</b> Writes are for one thread at a time, and a second one is told so by a {@link
 * ConcurrentWriterException}. Writes are what changes entries, {@link #flush()} and {@link
 * #close()}. Everything else is for any thread. A read takes a snapshot: it neither waits for the
 * writer nor holds it up, and never changes while it is open. Snapshots pin memory, so iterators,
 * cursors and page spans must be closed; the first two also close themselves at their end. {@link
 * EntryRange} says what that means for loops and streams.
 *
 * <p><b>Failures.</b> A write that throws has changed nothing, with one exception that says so:
 * {@link TimelogBusyException}. What a codec throws reaches the caller as it is. A codec runs
 * before the log is locked for the write, so it may read the log, and is refused if it writes to
 * it. After {@link #close()}, everything but statistics is an {@link IllegalStateException}; a log
 * in a directory can be {@linkplain #reopen opened again}.
 *
 * <p>A log is kept in memory, under a {@link MemoryBudget}, and is gone when it is closed, unless
 * it has a {@linkplain TimelogBuilder#directory directory}: then that has what was {@linkplain
 * #commit committed}.
 *
 * @param <V> the type of the values; never null
 */
public final class Timelog<V> implements Iterable<Entry<V>>, AutoCloseable {
  /** Not the name of the log, which may change from one time to the next. */
  private static final String TABLE_IN_DIRECTORY = "log";

  private final StoreEngine store;
  private final TableEngine table;
  private final Key key = Key.of(new byte[0], 0);
  private final TimePrecision timePrecision;
  private final Payloads<V> payloads;
  private final LogWriter<V> writer;
  private final ForgottenIterators forgotten;

  /** Opens the directory of the log again; null if the log is in memory only. */
  private final @Nullable Supplier<Timelog<V>> opening;

  /** A log in memory. */
  Timelog(
      StoreSettings settings, WindowGrid grid, TimePrecision timePrecision, Payloads<V> payloads) {
    this(
        new StoreEngine(settings, new MemoryMedium(), StoreObservers.installed()),
        settings.name(),
        grid,
        timePrecision,
        payloads,
        null);
  }

  private Timelog(
      StoreEngine store,
      String tableName,
      WindowGrid grid,
      TimePrecision timePrecision,
      Payloads<V> payloads,
      @Nullable Supplier<Timelog<V>> opening) {
    TableSettings settings =
        new TableSettings(
            tableName,
            Rule.MULTIMAP,
            LateEntries.ACCEPT,
            KeyGroups.NONE,
            grid,
            WindowIndex.KEY,
            payloads.rowDropListener(),
            null);
    this.timePrecision = timePrecision;
    this.payloads = payloads;
    this.store = store;
    this.table =
        store.tables().containsKey(tableName)
            ? store.reopenTable(settings)
            : store.createTable(settings);
    this.writer = new LogWriter<>(store, table, key, payloads);
    this.forgotten = new ForgottenIterators("log " + store.name());
    this.opening = opening;
  }

  /**
   * The log in a directory.
   *
   * @param grids gives each log that is opened there a grid of its own
   * @param payloads gives each of them payloads of its own
   */
  static <V> Timelog<V> open(
      Path directory,
      StoreSettings settings,
      Supplier<WindowGrid> grids,
      TimePrecision timePrecision,
      Supplier<Payloads<V>> payloads) {
    StoreEngine store =
        StoreOpening.open(
            settings,
            DirectoryMedium.open(
                directory, settings.name(), settings.maxOpenFiles(), settings.codecs()),
            StoreObservers.installed());
    try {
      return new Timelog<>(
          store,
          TABLE_IN_DIRECTORY,
          grids.get(),
          timePrecision,
          payloads.get(),
          () -> open(directory, settings, grids, timePrecision, payloads));
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /**
   * The version of Timelog, as in {@code Implementation-Version} of the manifest of its jar; {@code
   * unknown} where its classes do not come from that jar, as when they were packed into another.
   */
  public static String version() {
    Package origin = Timelog.class.getPackage();
    String version = origin.getImplementationVersion();
    boolean own = "timelog-core".equals(origin.getImplementationTitle());
    return own && version != null ? version : "unknown";
  }

  /** A log of values that the codec turns into bytes, which are kept outside the Java heap. */
  public static <V> TimelogBuilder<V> builder(Codec<V> codec) {
    return new TimelogBuilder<>(codec);
  }

  /**
   * A log that keeps the values themselves, as objects on the Java heap: what is read is the very
   * object that was written. An object is let go when its entry is dropped and no reader can return
   * it any more, or the log is closed; the {@link DropListener} is told of the former. Objects do
   * not count against the memory budget. The type of the values is that of the variable which the
   * log is assigned to: {@code Timelog<Order> orders = Timelog.objects().build()}.
   */
  public static <V> ObjectLogBuilder<V> objects() {
    return new ObjectLogBuilder<>();
  }

  /**
   * For a stream that is written and read at the same time: background maintenance, and a writer
   * that gets too far ahead of it lends a hand ({@link BusyPolicy#FLUSH}). Sizes are the defaults.
   */
  public static <V> TimelogBuilder<V> forStreaming(Codec<V> codec) {
    return builder(codec).maintenance(Maintenance.BACKGROUND).busyPolicy(BusyPolicy.FLUSH);
  }

  /**
   * For loading much at once: no maintenance thread, and memtables of 16 MiB, so that few and large
   * segments are written. Call {@link #flush()} at the end.
   */
  public static <V> TimelogBuilder<V> forBulkIngest(Codec<V> codec) {
    return builder(codec)
        .maintenance(Maintenance.DISABLED)
        .busyPolicy(BusyPolicy.FLUSH)
        .memtableMaxBytes(16 << 20);
  }

  /**
   * For reads and writes that must not wait: background maintenance in small steps, with memtables
   * of 256 KiB, and a writer that gets too far ahead of it is told at once ({@link
   * BusyPolicy#RAISE}) instead of doing its work.
   */
  public static <V> TimelogBuilder<V> forLowLatency(Codec<V> codec) {
    return builder(codec)
        .maintenance(Maintenance.BACKGROUND)
        .busyPolicy(BusyPolicy.RAISE)
        .memtableMaxBytes(256 << 10);
  }

  /**
   * Appends an entry, behind all others of the same timestamp. O(1) if it is in order; else it is
   * moved into place among the entries of a chunk of some KiB.
   *
   * @throws NullPointerException if the value is null
   * @throws IllegalStateException if the log is closed
   * @throws ConcurrentWriterException if another thread is writing
   * @throws MemoryBudgetExceededException if there is no room; the entry was not accepted
   * @throws TimelogBusyException under {@link BusyPolicy#RAISE}, if maintenance lags; the entry
   *     <em>was</em> accepted
   */
  public void append(long timestamp, V value) {
    writer.append(timestamp, value);
  }

  /**
   * As {@link #append(long, Object)}.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  public void append(Instant instant, V value) {
    writer.append(timePrecision.toTimestamp(instant), value);
  }

  /**
   * Appends entries in the order of iteration; all or none. They are all encoded before the first
   * is written, into heap memory that the budget does not count, and room for all of them is set
   * aside, by a generous estimate: so one batch should be small against the memory budget, and at
   * most 2 GiB. Readers are let in between, so a snapshot that is taken meanwhile may see the first
   * part of a batch.
   *
   * <p>Throws what {@link #append(long, Object)} does, and whatever the iteration throws.
   *
   * @throws NullPointerException if an entry is null; no entry was accepted
   */
  public void extend(Iterable<? extends Entry<? extends V>> entries) {
    writer.extend(Objects.requireNonNull(entries, "entries").iterator());
  }

  /** As {@link #extend(Iterable)}, in the encounter order of the stream, which is consumed. */
  public void extend(Stream<? extends Entry<? extends V>> entries) {
    writer.extend(Objects.requireNonNull(entries, "entries").sequential().iterator());
  }

  /**
   * As {@link #extend(Iterable)}: the i-th entry has the i-th timestamp and the i-th value. Neither
   * may change during the call.
   *
   * @throws IllegalArgumentException if there are not as many values as timestamps; no entry was
   *     accepted
   */
  public void extend(long[] timestamps, List<? extends V> values) {
    writer.extend(Objects.requireNonNull(timestamps, "timestamps"), values, values.size());
  }

  /**
   * Deletes what was written in the range so far. O(partition windows); the entries are hidden at
   * once, and leave memory as flush and compaction come by. Does nothing if the range is empty.
   */
  public void deleteRange(TimeRange range) {
    writer.deleteRange(Objects.requireNonNull(range, "range"));
  }

  /** As {@link #deleteRange(TimeRange)}, in {@code [start, end)}. */
  public void deleteRange(long start, long end) {
    deleteRange(TimeRange.of(start, end));
  }

  /**
   * As {@link #deleteRange(TimeRange)}, in {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  public void deleteRange(Instant start, Instant end) {
    deleteRange(timePrecision.toRange(start, end));
  }

  /**
   * Deletes what was written so far with a timestamp before {@code cutoff}. O(partition windows):
   * those that end before the cutoff are dropped whole, however many entries they hold. What is
   * written before the cutoff from now on lives.
   */
  public void deleteBefore(long cutoff) {
    writer.deleteBefore(cutoff);
  }

  /**
   * As {@link #deleteBefore(long)}.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  public void deleteBefore(Instant cutoff) {
    deleteBefore(timePrecision.toTimestamp(cutoff));
  }

  /**
   * Makes everything that was written so far last, together with a token: after a crash there is
   * all of it or nothing of it. {@link CommitLog} says which crashes a commit survives. A write. It
   * costs what was written since the last commit, and with {@link CommitLog#SYNCED} one wait for
   * the disk; with {@link CommitLog#NONE} it flushes the memtable. It writes nothing if nothing has
   * changed, and neither has the token.
   *
   * <p>When it throws, the commit is not there, or it is there after a crash and may be; the log
   * goes on, everything is in memory as it was, and a later commit contains it.
   *
   * @param token whatever the application wants to find with these entries, such as the position of
   *     its source; at most {@value CommitToken#MAX_BYTES} bytes, which are copied
   * @return the number of the commit
   * @throws TimelogStorageException if the file system refuses; says what to do
   * @throws MemoryBudgetExceededException if there is no room for a segment; nothing was committed
   * @throws IllegalArgumentException if the token is too long
   * @throws IllegalStateException if the log has no directory, or is closed
   */
  public long commit(byte[] token) {
    writer.requireFree();
    return store.commit(CommitToken.of(token));
  }

  /**
   * The token of the last commit; empty if there was none, or it was {@linkplain #forgetCommit
   * forgotten}.
   *
   * @throws IllegalStateException if the log has no directory
   */
  public Optional<byte[]> committedToken() {
    return Optional.ofNullable(store.committedToken()).map(CommitToken::bytes);
  }

  /**
   * Gives up the last commit, with its token, and the files that only it needs. The log goes on
   * with all that it has. After a crash, or when it is opened again, it is empty, until there is
   * another commit, which then contains everything. A write. Costs one small file, or two.
   *
   * <p>When it throws, a crash may leave the last commit or none; the log goes on, and this may be
   * called again.
   *
   * @throws TimelogStorageException if the file system refuses; says what to do
   * @throws IllegalStateException if the log has no directory, or is closed
   */
  public void forgetCommit() {
    writer.requireFree();
    store.forgetCommit();
  }

  /**
   * What was found in the directory when the log was opened, and what was removed.
   *
   * @throws IllegalStateException if the log has no directory
   */
  public RecoveryReport recovery() {
    return store.recovery();
  }

  /**
   * Moves everything from the memtable into segments, on the calling thread.
   *
   * @throws MemoryBudgetExceededException if there is no room for the segments; nothing is lost
   */
  public void flush() {
    writer.requireFree();
    store.flush();
  }

  /**
   * Merges segments wherever that saves memory or reads, on the calling thread, and so drops what
   * was deleted in them. Not a write.
   *
   * @throws MemoryBudgetExceededException if there is no room for the merge; nothing is lost
   */
  public void compact() {
    writer.requireFree();
    store.compact();
  }

  /**
   * Starts background maintenance, on the threads of the {@link MaintenancePool}; does nothing if
   * it is started.
   */
  public void startMaintenance() {
    writer.requireFree();
    store.startMaintenance();
  }

  /**
   * Stops background maintenance, and waits for a round of it that is under way, but not for those
   * of other stores; does nothing if it is not started.
   */
  public void stopMaintenance() {
    writer.requireFree();
    store.stopMaintenance();
  }

  /**
   * Closes the log; its entries are gone, but for what was committed to a directory. Iterators,
   * cursors and page spans that are open stay readable, and hold their memory, until they are
   * closed. Closing twice does nothing.
   *
   * @throws ConcurrentWriterException if another thread is writing; the log stays open
   */
  @Override
  public void close() {
    if (!store.isClosed()) {
      writer.close();
    }
  }

  /**
   * The log that {@linkplain #commit was committed} to the directory, opened again with the
   * settings of this one. This log is closed, if it is not yet, and stays so: what was not
   * committed is gone, and iterators, cursors and page spans that are open go on showing what they
   * showed, and hold their memory. So this undoes what was written since the last commit, and it is
   * the way on after a commit that was refused and is to be given up.
   *
   * <pre>{@code
   * log = log.reopen();
   * }</pre>
   *
   * <p>Costs what opening costs. If it fails, this may be called again, on the same log.
   *
   * @return a log of its own, which is to be closed
   * @throws IllegalStateException if the log has no directory; it is as it was then
   * @throws ConcurrentWriterException if another thread is writing; the log stays open
   * @throws StoreLockedException if the log was closed, and another log or store has the directory
   * @throws TimelogCorruptionException if what is in the directory is not what was committed; names
   *     the file and the offset, and nothing was changed
   * @throws TimelogStorageException if the file system refuses
   * @throws MemoryBudgetExceededException if what was committed does not fit into the memory budget
   *     beside what open readers hold
   */
  public Timelog<V> reopen() {
    Supplier<Timelog<V>> again = opening;
    if (again == null) {
      throw new IllegalStateException(
          "The log is in memory only, give one a directory to open it again: log=" + name());
    }
    close();
    return again.get();
  }

  /**
   * The entries of a range, oldest first.
   *
   * @throws IllegalStateException if the log is closed
   */
  public TimelogRange<V> range(TimeRange range) {
    writer.requireOpen();
    return new TimelogRange<>(
        this, Objects.requireNonNull(range, "range"), TimelogRange.Order.OLDEST_FIRST);
  }

  /** The entries of {@code [start, end)}, oldest first. */
  public TimelogRange<V> range(long start, long end) {
    return range(TimeRange.of(start, end));
  }

  /**
   * The entries of {@code [start, end)}, oldest first.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  public TimelogRange<V> range(Instant start, Instant end) {
    return range(timePrecision.toRange(start, end));
  }

  /** The entries from {@code start} on, oldest first. */
  public TimelogRange<V> since(long start) {
    return range(TimeRange.since(start));
  }

  /**
   * The entries from {@code start} on, oldest first.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  public TimelogRange<V> since(Instant start) {
    return since(timePrecision.toTimestamp(start));
  }

  /** The entries before {@code end}, oldest first. */
  public TimelogRange<V> until(long end) {
    return range(TimeRange.until(end));
  }

  /**
   * The entries before {@code end}, oldest first.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  public TimelogRange<V> until(Instant end) {
    return until(timePrecision.toTimestamp(end));
  }

  /** All entries, oldest first. */
  public TimelogRange<V> all() {
    return range(TimeRange.all());
  }

  /** The entries at exactly this timestamp, in the order of arrival. */
  public TimelogRange<V> equal(long timestamp) {
    return range(TimeRange.at(timestamp));
  }

  /**
   * The entries at the timestamp of this instant, in the order of arrival.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  public TimelogRange<V> equal(Instant instant) {
    return equal(timePrecision.toTimestamp(instant));
  }

  /** The entries at one point in time; another word for {@link #equal(long)}. */
  public TimelogRange<V> point(long timestamp) {
    return equal(timestamp);
  }

  /** The entries at one point in time; another word for {@link #equal(Instant)}. */
  public TimelogRange<V> point(Instant instant) {
    return equal(instant);
  }

  /**
   * All entries, oldest first, as that of {@link #all()}. It closes itself at the end.
   *
   * @throws IllegalStateException if the log is closed
   */
  @Override
  public EntryIterator<Entry<V>> iterator() {
    return all().iterator();
  }

  /** As {@link EntryRange#forEach} of {@link #all()}. */
  @Override
  public void forEach(Consumer<? super Entry<V>> action) {
    all().forEach(action);
  }

  /** As {@link EntryRange#spliterator()} of {@link #all()}. */
  @Override
  public Spliterator<Entry<V>> spliterator() {
    return all().spliterator();
  }

  /** All entries, oldest first; see {@link EntryRange#stream()} for when to close it. */
  public Stream<Entry<V>> stream() {
    return all().stream();
  }

  /** The values at exactly this timestamp, in the order of arrival; the list is the caller's. */
  public List<V> at(long timestamp) {
    try (TimelogCursor<V> cursor = cursor(TimeRange.at(timestamp))) {
      List<V> values = new ArrayList<>();
      while (cursor.advance()) {
        values.add(cursor.value());
      }
      return values;
    }
  }

  /**
   * As {@link #at(long)}.
   *
   * @throws ArithmeticException if the instant does not fit into a timestamp
   */
  public List<V> at(Instant instant) {
    return at(timePrecision.toTimestamp(instant));
  }

  /**
   * Steps through the entries of a range, oldest first, without allocating.
   *
   * @throws IllegalStateException if the log is closed
   */
  public TimelogCursor<V> cursor(TimeRange range) {
    Objects.requireNonNull(range, "range");
    ValueReader<V> reader = payloads.reader();
    return new TimelogCursor<>(
        KeyScan.open(lease(), Rule.MULTIMAP, key, range, Direction.FORWARD), reader);
  }

  /**
   * Steps through the entries of a range, newest first, without allocating.
   *
   * @throws IllegalStateException if the log is closed
   */
  public TimelogCursor<V> cursorBackward(TimeRange range) {
    Objects.requireNonNull(range, "range");
    ValueReader<V> reader = payloads.reader();
    return new TimelogCursor<>(
        KeyScan.open(lease(), Rule.MULTIMAP, key, range, Direction.BACKWARD), reader);
  }

  /**
   * The entries of a range as they lie in the pages of segments: the fastest way to many
   * timestamps. Spans come by their first timestamp; they may overlap one another until {@link
   * #compact()} has merged their segments. Entries that are still in the memtable are in no span:
   * call {@link #flush()} before.
   */
  public PageSpans<V> pageSpans(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new PageSpans<>(PageSlices.open(lease(), key, range), payloads);
  }

  /** As {@link #pageSpans(TimeRange)}, of {@code [start, end)}. */
  public PageSpans<V> pageSpans(long start, long end) {
    return pageSpans(TimeRange.of(start, end));
  }

  /**
   * As {@link #pageSpans(TimeRange)}, of {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  public PageSpans<V> pageSpans(Instant start, Instant end) {
    return pageSpans(timePrecision.toRange(start, end));
  }

  /**
   * The number of entries in a range. Segments are counted by their page directories, so this costs
   * O(pages touched at the ends of the range) and a step per entry of the memtable.
   */
  public long count(TimeRange range) {
    Objects.requireNonNull(range, "range");
    try (ReadLease lease = lease()) {
      return KeyCount.of(lease, key, range);
    }
  }

  /** As {@link #count(TimeRange)}, of {@code [start, end)}. */
  public long count(long start, long end) {
    return count(TimeRange.of(start, end));
  }

  /**
   * As {@link #count(TimeRange)}, of {@code [start, end)}.
   *
   * @throws ArithmeticException if an instant does not fit into a timestamp
   */
  public long count(Instant start, Instant end) {
    return count(timePrecision.toRange(start, end));
  }

  /** The smallest timestamp of all entries; empty if there are none. */
  public OptionalLong minTimestamp() {
    return first(cursor(TimeRange.all()));
  }

  /** The largest timestamp of all entries; empty if there are none. */
  public OptionalLong maxTimestamp() {
    return first(cursorBackward(TimeRange.all()));
  }

  /** The smallest timestamp of an entry that is larger than this one; empty if there is none. */
  public OptionalLong nextTimestamp(long timestamp) {
    return first(
        cursor(timestamp == Long.MAX_VALUE ? TimeRange.empty() : TimeRange.since(timestamp + 1)));
  }

  /** The largest timestamp of an entry that is smaller than this one; empty if there is none. */
  public OptionalLong previousTimestamp(long timestamp) {
    return first(cursorBackward(TimeRange.until(timestamp)));
  }

  private static OptionalLong first(TimelogCursor<?> cursor) {
    try (cursor) {
      return cursor.advance() ? OptionalLong.of(cursor.timestamp()) : OptionalLong.empty();
    }
  }

  private ReadLease lease() {
    writer.requireOpen();
    return table.lease();
  }

  /** The name of the log, which appears in messages. */
  public String name() {
    return store.name();
  }

  /** The unit of timestamps. */
  public TimePrecision timePrecision() {
    return timePrecision;
  }

  /** Who flushes and compacts at the moment. */
  public Maintenance maintenance() {
    return store.isMaintained() ? Maintenance.BACKGROUND : Maintenance.DISABLED;
  }

  /** What a write does when maintenance lags. */
  public BusyPolicy busyPolicy() {
    return store.settings().busyPolicy();
  }

  /** The memory budget. */
  public MemoryBudget memoryBudget() {
    return store.settings().budget();
  }

  /** The log in numbers. O(sources). */
  public TimelogStats stats() {
    return new TimelogStats(table.stats(), store.stats());
  }

  /** Deletes whose dropped entries are still to be reported to the drop listener. */
  public int retiredQueueLength() {
    return store.retiredQueueLength();
  }

  /** How often the drop listener threw. */
  public long dropListenerFailures() {
    return store.dropListenerFailures();
  }

  /**
   * How many iterators and streams were neither read to their end nor closed, and closed only after
   * they were garbage collected. Anything but 0 is a fault of the program.
   */
  public long forgottenIterators() {
    return forgotten.count();
  }

  ForgottenIterators forgotten() {
    return forgotten;
  }

  /** Whether the log is closed. */
  public boolean isClosed() {
    return store.isClosed();
  }

  @Override
  public String toString() {
    return "Timelog[" + name() + ", entries~" + table.stats().sizeEstimate() + "]";
  }
}
