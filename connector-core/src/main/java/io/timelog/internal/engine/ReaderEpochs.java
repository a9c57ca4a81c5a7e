package io.timelog.internal.engine;

import io.timelog.internal.memtable.WriteMoment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The versions that open readers see, oldest first and the present one last. Readers count
 * themselves in the present epoch; the writer ends epochs, and forgets those that nobody reads.
 */
final class ReaderEpochs {
  /** After so many versions the writer has something to look after. */
  static final int MANY_VERSIONS = 1 << 20;

  private static final int MIN_SWEEP = 16;

  private final Runnable whenManyPassed;
  private volatile ReaderEpoch oldest;
  private volatile ReaderEpoch present;

  // For the writer.
  private ReaderEpoch known;
  private int length = 1;
  private int sweepAt = MIN_SWEEP;
  private long newestReader = WriteMoment.NO_NEWEST;

  /** No readers yet; the present epoch is that of a store's first version. */
  ReaderEpochs(long firstVersion, Runnable whenManyPassed) {
    this.whenManyPassed = whenManyPassed;
    oldest = new ReaderEpoch(firstVersion);
    present = oldest;
    known = oldest;
  }

  /** The epoch that new readers join. */
  ReaderEpoch present() {
    return present;
  }

  /** Whether a reader may have been open since the last look. For the writer, after a fence. */
  @SuppressWarnings("ReferenceEquality")
  boolean haveReaders() {
    return known.readers() != 0 || oldest != known;
  }

  /**
   * Ends the present epoch if it has readers, and tells the moment which versions are read. For the
   * writer.
   */
  void note(WriteMoment moment) {
    if (known.readers() != 0) {
      newestReader = known.version();
      end(moment);
    }
    forgetUnread();
    tell(moment);
  }

  /** Ends the present epoch and returns it; the next version begins. For the writer. */
  ReaderEpoch end(WriteMoment moment) {
    ReaderEpoch ended = known;
    ReaderEpoch next = new ReaderEpoch(ended.version() + 1);
    ended.end(next);
    known = next;
    length++;
    present = next;
    moment.atVersion(next.version());
    if (next.version() % MANY_VERSIONS == 0) {
      whenManyPassed.run();
    }
    return ended;
  }

  /** Counts a reader in an epoch that {@link #end} has just returned. For the writer. */
  void hold(ReaderEpoch ended, WriteMoment moment) {
    ended.arrive();
    newestReader = ended.version();
    tell(moment);
  }

  @SuppressWarnings("ReferenceEquality")
  private void forgetUnread() {
    while (oldest != known && oldest.readers() == 0) {
      oldest = Objects.requireNonNull(oldest.next());
      length--;
    }
    if (length > sweepAt) {
      sweep();
      sweepAt = Math.max(MIN_SWEEP, 2 * length);
    }
  }

  /** Forgets unread epochs that lie between read ones. */
  @SuppressWarnings("ReferenceEquality")
  private void sweep() {
    ReaderEpoch kept = oldest;
    while (kept != known) {
      ReaderEpoch next = Objects.requireNonNull(kept.next());
      if (next != known && next.readers() == 0) {
        kept.setNext(next.next());
        length--;
      } else {
        kept = next;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private void tell(WriteMoment moment) {
    if (oldest == known) {
      newestReader = WriteMoment.NO_NEWEST;
      moment.withReaders(WriteMoment.NO_OLDEST, WriteMoment.NO_NEWEST);
    } else {
      moment.withReaders(oldest.version(), newestReader);
    }
  }

  /** Number of open readers, of any version. Any thread. */
  long openReaders() {
    long open = 0;
    for (@Nullable ReaderEpoch epoch = oldest; epoch != null; epoch = epoch.next()) {
      open += epoch.readers();
    }
    return open;
  }

  /**
   * Nanoseconds since the version ended that the oldest open reader sees; 0 if all see the present
   * one. Any thread.
   */
  long oldestAgeNanos() {
    for (@Nullable ReaderEpoch epoch = oldest; epoch != null; epoch = epoch.next()) {
      if (epoch.readers() > 0) {
        return epoch.next() == null ? 0 : Math.max(1, System.nanoTime() - epoch.endedNanos());
      }
    }
    return 0;
  }
}
