package io.timelog;

import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.key.Key;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries into the table of one log. Values are encoded before the engine sees any of them.
 *
 * <p>For one thread at a time, which it checks.
 */
final class LogWriter<V> {
  /*
   * A single entry is encoded and written inside one operation of the engine, so a codec that writes
   * to its own log, and a second thread, meet the engine's gate.
   *
   * Readers wait at that gate. So a batch does not hold it: it is staged outside and written in pieces,
   * between which readers get in. `batchWriter` keeps other writers, and codecs and sources that write
   * to the log, out for as long as the batch lasts.
   *
   * A batch is all or nothing. Its memory is set aside before the first entry is written, by an
   * estimate that no order of timestamps exceeds; what open readers make the memtable copy comes on
   * top, and is made good by flush and compaction between two pieces.
   */
  private static final int ENTRIES_PER_PIECE = 1024;
  private static final int BYTES_PER_PIECE = 256 << 10;

  /** Bytes of a row in the memtable beside its value, at most. */
  private static final int ROW_BYTES = 8 + 5;

  /** Rows that go behind all others fill chunk after chunk. */
  private static final int IN_ORDER_FACTOR = 2;

  /** Rows that go between others may split a chunk each. */
  private static final int OUT_OF_ORDER_FACTOR = 6;

  /** Slabs grow by four, so a window holds at most five times what it needs, and its first slab. */
  private static final int SLAB_GROWTH_FACTOR = 5;

  private static final long WINDOW_MIN_BYTES = 8 << 10;

  /** ... and never more than a large slab more than it needs. */
  private static final long WINDOW_MAX_BYTES = 300 << 10;

  /** The most windows that a batch opens, but for very strange timestamps. */
  private static final int NEW_WINDOWS = 64;

  private final StoreEngine store;
  private final TableEngine table;
  private final Key key;
  private final Payloads<V> payloads;
  private final boolean reportsDrops;
  private final StagedEntries staged = new StagedEntries();
  private volatile @Nullable Thread batchWriter;
  private long newest = Long.MIN_VALUE;

  LogWriter(StoreEngine store, TableEngine table, Key key, Payloads<V> payloads) {
    this.store = store;
    this.table = table;
    this.key = key;
    this.payloads = payloads;
    this.reportsDrops = payloads.hearsOfDrops();
  }

  void append(long timestamp, V value) {
    if (value == null) {
      throw nullValue(timestamp);
    }
    boolean relieved = false;
    while (!tryAppend(timestamp, value, relieved)) {
      relieved = true;
      store.relieve();
    }
    store.afterWrite();
    reportDrops();
  }

  /** Returns false if there is no room and {@code relieved} is. */
  private boolean tryAppend(long timestamp, V value, boolean relieved) {
    boolean accepted = false;
    begin();
    try {
      staged.clear();
      payloads.stage(timestamp, value, staged);
      table.appendWithinWrite(key, timestamp, staged.bytes(), 0, staged.length());
      accepted = true;
    } catch (MemoryBudgetExceededException noRoom) {
      if (relieved) {
        throw noRoom;
      }
    } finally {
      if (!accepted) {
        payloads.discard(staged, 0);
      }
      store.endWrite();
    }
    if (accepted && timestamp > newest) {
      newest = timestamp;
    }
    return accepted;
  }

  void extend(Iterator<? extends Entry<? extends V>> entries) {
    beginBatch();
    try {
      while (entries.hasNext()) {
        Entry<? extends V> entry = entries.next();
        if (entry == null) {
          throw new NullPointerException("An entry is null: index=" + staged.count());
        }
        payloads.stage(entry.timestamp(), entry.value(), staged);
      }
      writeStaged();
    } finally {
      endBatch();
    }
    reportDrops();
  }

  void extend(long[] timestamps, Iterable<? extends V> values, int valueCount) {
    if (timestamps.length != valueCount) {
      throw differentLengths(timestamps.length, valueCount);
    }
    beginBatch();
    try {
      int count = 0;
      for (V value : values) {
        if (count == timestamps.length) {
          throw differentLengths(timestamps.length, count + 1);
        }
        if (value == null) {
          throw nullValue(timestamps[count]);
        }
        payloads.stage(timestamps[count], value, staged);
        count++;
      }
      if (count < timestamps.length) {
        throw differentLengths(timestamps.length, count);
      }
      writeStaged();
    } finally {
      endBatch();
    }
    reportDrops();
  }

  void deleteRange(TimeRange range) {
    requireFree();
    table.deleteRange(range);
    reportDrops();
  }

  void deleteBefore(long cutoff) {
    requireFree();
    table.deleteBefore(cutoff);
    reportDrops();
  }

  private void reportDrops() {
    if (reportsDrops) {
      store.drainDrops();
    }
  }

  // ---- one writer at a time ----------------------------------------------------------------

  /** Fails if this is not the moment to write, flush, compact or close. */
  void requireFree() {
    if (payloads.isReporting()) {
      throw new IllegalStateException(
          "A drop listener must not write to its log, maintain or close it: log=" + store.name());
    }
    Thread other = batchWriter;
    if (other != null) {
      throw refusal(other);
    }
  }

  private IllegalStateException refusal(Thread other) {
    return other == Thread.currentThread()
        ? new IllegalStateException(
            "This thread is in the middle of a batch for the same log; a codec or the source of the"
                + " batch must not write to it: log="
                + store.name())
        : new ConcurrentWriterException(store.name());
  }

  private void begin() {
    if (store.isClosed()) {
      throw closed();
    }
    store.beginWrite();
    if (batchWriter != null || payloads.isReporting()) {
      store.endWrite();
      requireFree();
    }
  }

  private void beginBatch() {
    begin();
    batchWriter = Thread.currentThread();
    staged.clear();
    store.endWrite();
  }

  private void endBatch() {
    staged.clear();
    batchWriter = null;
  }

  IllegalStateException closed() {
    return new IllegalStateException("The log is closed: log=" + store.name());
  }

  // ---- batches -----------------------------------------------------------------------------

  private void writeStaged() {
    int written = 0;
    boolean setAside = false;
    TimelogBusyException busy = null;
    try {
      setAsideMemory();
      setAside = true;
      while (written < staged.count()) {
        written = writePiece(written);
        busy = lookAfterMemory();
        store.letReadersIn();
      }
    } finally {
      payloads.discard(staged, written);
      if (setAside) {
        store.settle();
      }
    }
    if (busy != null) {
      throw busy;
    }
  }

  private void setAsideMemory() {
    long bytes = memoryEstimate();
    try {
      store.setAside(bytes);
    } catch (MemoryBudgetExceededException noRoom) {
      store.relieve();
      store.setAside(bytes);
    }
  }

  private long memoryEstimate() {
    long factor = staged.isSortedFrom(newest) ? IN_ORDER_FACTOR : OUT_OF_ORDER_FACTOR;
    long rows = factor * (staged.length() + (long) ROW_BYTES * staged.count());
    long windows = Math.min(staged.count(), table.windowCount() + NEW_WINDOWS);
    return Math.min(
        rows * SLAB_GROWTH_FACTOR + windows * WINDOW_MIN_BYTES, rows + windows * WINDOW_MAX_BYTES);
  }

  private int writePiece(int from) {
    int at = tryWritePiece(from);
    if (at == from) {
      store.relieve();
      at = tryWritePiece(from);
      if (at == from) {
        throw new TimelogInternalException(
            "The memory that was set aside for a batch did not suffice: entriesWritten="
                + from
                + ", entries="
                + staged.count());
      }
    }
    return at;
  }

  /** Writes entries from one on and returns how far it came. */
  private int tryWritePiece(int from) {
    int at = from;
    enterBatch();
    try {
      int to = Math.min(staged.count(), from + ENTRIES_PER_PIECE);
      int bytesEnd = staged.start(from) + BYTES_PER_PIECE;
      while (at < to && staged.start(at) <= bytesEnd) {
        int alike = table.appendStretchWithinWrite(key, staged, at, to);
        if (alike > 0) {
          at += alike;
        } else {
          table.appendWithinWrite(
              key, staged.timestamp(at), staged.bytes(), staged.start(at), staged.length(at));
          at++;
        }
        newest = Math.max(newest, staged.timestamp(at - 1));
      }
    } catch (MemoryBudgetExceededException noRoom) {
      // The entries before were written; the caller makes room for the rest.
    } finally {
      store.endWrite();
    }
    return at;
  }

  /** Enters the gate, which a thread that is about to be refused may hold for a moment. */
  private void enterBatch() {
    while (true) {
      try {
        store.beginWrite();
        return;
      } catch (ConcurrentWriterException refusedOne) {
        Thread.onSpinWait();
      }
    }
  }

  private @Nullable TimelogBusyException lookAfterMemory() {
    try {
      store.afterWrite();
      return null;
    } catch (TimelogBusyException busy) {
      return busy;
    }
  }

  private static NullPointerException nullValue(long timestamp) {
    return new NullPointerException("The value is null: timestamp=" + timestamp);
  }

  private static IllegalArgumentException differentLengths(int timestamps, int values) {
    return new IllegalArgumentException(
        "A batch needs as many values as timestamps: timestamps="
            + timestamps
            + ", values="
            + values);
  }
}
