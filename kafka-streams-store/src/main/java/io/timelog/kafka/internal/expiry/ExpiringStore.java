package io.timelog.kafka.internal.expiry;

import io.timelog.LateEntries;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.TimelogException;
import io.timelog.kafka.internal.host.ChangelogReader;
import io.timelog.kafka.internal.host.Committed;
import io.timelog.kafka.internal.host.Contents;
import io.timelog.kafka.internal.host.HostedStore;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.ReadableTable;
import io.timelog.kafka.internal.host.Readings;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.scan.CacheOrder;
import io.timelog.kafka.internal.scan.Direction;
import io.timelog.kafka.internal.scan.Entries;
import io.timelog.kafka.internal.scan.KeyRange;
import io.timelog.kafka.internal.scan.KeyShapes;
import io.timelog.kafka.internal.scan.SegmentScan;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What window stores and session stores have in common: entries at a time, which expire as stream
 * time moves on, and scans of several keys in the order of Kafka's cache.
 *
 * <p>One thread at a time writes, any thread may read.
 */
public abstract class ExpiringStore extends HostedStore {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiringStore.class);

  private final RetentionSettings settings;
  private final SegmentScan.Cut cut;
  private volatile @Nullable Opened opened;

  /** A store that is not initialized. */
  protected ExpiringStore(String name, StoreKind toldKind, RetentionSettings settings) {
    super(name, toldKind);
    this.settings = settings;
    this.cut = new SegmentScan.Cut(settings.partitionMillis(), settings.segmentMillis());
  }

  /**
   * What there is from {@code init} on. One thing, so that no reader sees the entries of one
   * opening and the stream time of another.
   */
  public record Opened(
      HostedTable hosted, Retention retention, KeyShapes shapes, Committed<Retention> committed) {
    /** What a reader sees who may see what is not committed. */
    public Contents<Retention> present() {
      return committed.present();
    }

    /** What a reader of the level sees. */
    public Readings<Retention> at(IsolationLevel level) {
      return level == IsolationLevel.READ_COMMITTED ? committed : present();
    }

    /** Moves stream time on to {@code time} and lets go of what has expired with it. */
    public void observe(long time) {
      if (retention.observe(time)) {
        hosted.table().deleteBefore(retention.oldestKept());
      }
    }
  }

  /**
   * Opens the table, with what the kind of store adds to the options and the layout of all.
   *
   * @param values what is kept, in words
   */
  protected final void open(
      StateStoreContext context, TableOptions.Builder options, String values) {
    options.windowSize(settings.partitionMillis(), 0).indexTime().lateEntries(LateEntries.REFUSE);
    HostedTable hosted =
        tableOf(
            options.build(),
            values + ", partitions of " + settings.partitionMillis() + " ms",
            context);
    Retention retention = settings.newRetention();
    KeyShapes shapes = new KeyShapes();
    recall(hosted.remembered(), retention, shapes);
    hosted.remember(() -> List.of(retention.newest(), shapes.summary()));
    opened =
        new Opened(hosted, retention, shapes, hosted.keepCommitted(retention, Retention::copy));
    host(hosted);
  }

  private static void recall(List<Long> remembered, Retention retention, KeyShapes shapes) {
    if (!remembered.isEmpty()) {
      retention.observe(remembered.get(0));
      shapes.recall(remembered.get(1));
    }
  }

  /**
   * What the store stands on, open or closed.
   *
   * @throws InvalidStateStoreException if the store was never initialized
   */
  public final Opened opened() {
    Opened now = opened;
    if (now == null) {
      throw new InvalidStateStoreException("Store is not initialized: store=" + name());
    }
    return now;
  }

  /**
   * Ends a put: moves the position, and counts and logs an entry that was not kept.
   *
   * @param kept whether the entry is in the table
   * @param time of the entry
   */
  protected final void written(Opened to, boolean kept, long time) {
    if (!kept) {
      to.hosted().countDropped();
      LOG.warn(
          "Skipping record for expired segment. store={}, task={}, time={}, oldest={}",
          name(),
          to.hosted().task(),
          time,
          to.retention().oldestLive());
    }
    to.hosted().advancePosition();
  }

  /**
   * Restores entries. Stream time first goes to the newest entry of a batch. What that leaves
   * behind was expired when the application stopped, or will be before it goes on, and is skipped
   * by its key alone.
   */
  protected abstract class ExpiringChangelog implements ChangelogReader {
    /** Whether the record changes nothing, not even stream time. */
    protected boolean isIdle(ConsumerRecord<byte[], byte[]> record) {
      return false;
    }

    /** The time of the entry; the record was checked. */
    protected abstract long time(byte[] changelogKey);

    /**
     * Writes an entry that has not expired.
     *
     * @throws TimelogException if the engine refuses it
     */
    protected abstract void write(Opened to, Table table, ConsumerRecord<byte[], byte[]> record);

    @Override
    public final void observe(ConsumerRecord<byte[], byte[]> record) {
      if (!isIdle(record)) {
        opened().observe(time(record.key()));
      }
    }

    @Override
    public final void apply(ConsumerRecord<byte[], byte[]> record) {
      Opened to = opened();
      if (!isIdle(record) && time(record.key()) >= to.retention().oldestLive()) {
        write(to, to.hosted().table(), record);
      }
    }
  }

  /** The entries of one key in the range. */
  protected static Entries ofKey(
      Contents<Retention> from, byte[] key, TimeRange range, Direction direction) {
    ReadableTable table = from.table();
    try {
      TableReader reader = table.reader();
      return Entries.of(
          direction == Direction.FORWARD
              ? reader.scan(key, range)
              : reader.scanBackward(key, range));
    } catch (IllegalStateException e) {
      throw table.unlessClosed(e);
    }
  }

  /** The entries of several keys in the range, in the order of Kafka's cache. */
  protected final Entries bySegment(
      Contents<Retention> from, KeyRange keys, TimeRange range, Direction direction) {
    TimeRange there = range.intersect(TimeRange.closed(0, from.state().newest()));
    return SegmentScan.of(from.table(), keys, there, cut, direction);
  }

  /**
   * A scan of several keys, brought into the order of Kafka's cache where the keys are such that it
   * can differ.
   *
   * @param time by which the cache chooses the segment
   * @param cacheKey the bytes by which it orders the entries of a segment
   */
  protected final KeyValueIterator<Windowed<Bytes>, byte[]> inCacheOrder(
      Opened from,
      KeyValueIterator<Windowed<Bytes>, byte[]> scan,
      ToLongFunction<Windowed<Bytes>> time,
      Function<Windowed<Bytes>, Bytes> cacheKey,
      Direction direction) {
    return from.shapes().areAmbiguous()
        ? new CacheOrder(
            scan, entry -> time.applyAsLong(entry) / settings.segmentMillis(), cacheKey, direction)
        : scan;
  }
}
