package io.timelog.internal.log;

import io.timelog.ConcurrentWriterException;
import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.internal.engine.BatchWrite;
import io.timelog.internal.engine.StoreEngine;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.key.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Writes entries into the table of one log. Values are encoded before the engine sees any of them.
 *
 * <p>For one thread at a time, which it checks.
 */
public final class LogWriter<V> {
  /*
   * Codecs and the sources of batches are strangers: they may be slow, throw, or use the very log that
   * they are called for. So none of them runs inside the engine's gate, at which readers wait. A write
   * first claims the log (`claimant`), which keeps other writers out and readers in, then stages its
   * entries, and enters the gate only to copy bytes. A codec that writes to its own log finds it claimed
   * by its own thread and is told so.
   */
  private static final VarHandle CLAIMANT;

  static {
    try {
      CLAIMANT = MethodHandles.lookup().findVarHandle(LogWriter.class, "claimant", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StoreEngine store;
  private final TableEngine table;
  private final Key key;
  private final Payloads<V> payloads;
  private final boolean reportsDrops;

  /** Of the claimant. */
  private final StagedEntries staged = new StagedEntries();

  /** The thread that is in the middle of a write, or closes the log. */
  private volatile @Nullable Thread claimant;

  /** Of the claimant: how many of the staged entries are in the engine. */
  private int written;

  /** Of the claimant: the largest timestamp that was ever written. */
  private long newest = Long.MIN_VALUE;

  /** Writes entries with this key. */
  public LogWriter(StoreEngine store, TableEngine table, Key key, Payloads<V> payloads) {
    this.store = store;
    this.table = table;
    this.key = key;
    this.payloads = payloads;
    this.reportsDrops = payloads.hearsOfDrops();
  }

  /** Appends one entry. */
  public void append(long timestamp, V value) {
    if (value == null) {
      throw nullValue(timestamp);
    }
    claim();
    try {
      payloads.stage(timestamp, value, staged);
      table.appendQuietly(key, timestamp, staged.bytes(), staged.length());
      written = 1;
      newest = Math.max(newest, timestamp);
    } finally {
      release();
    }
    store.slowDown();
    reportDrops();
  }

  /** Appends entries in this order, all or none. */
  public void extend(Iterator<? extends Entry<? extends V>> entries) {
    claim();
    try {
      stage(entries);
      writeStaged();
    } finally {
      release();
    }
    store.slowDown();
    reportDrops();
  }

  private void stage(Iterator<? extends Entry<? extends V>> entries) {
    while (entries.hasNext()) {
      Entry<? extends V> entry = entries.next();
      if (entry == null) {
        throw new NullPointerException("An entry is null: index=" + staged.count());
      }
      payloads.stage(entry.timestamp(), entry.value(), staged);
    }
  }

  /** Appends the i-th value at the i-th timestamp, all or none. */
  public void extend(long[] timestamps, Iterable<? extends V> values, int valueCount) {
    if (timestamps.length != valueCount) {
      throw differentLengths(timestamps.length, valueCount);
    }
    claim();
    try {
      stage(timestamps, values);
      writeStaged();
    } finally {
      release();
    }
    store.slowDown();
    reportDrops();
  }

  private void stage(long[] timestamps, Iterable<? extends V> values) {
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
  }

  /** Deletes what was written in the range. */
  public void deleteRange(TimeRange range) {
    requireFree();
    table.deleteRange(range);
    reportDrops();
  }

  /** Deletes what was written before the cutoff. */
  public void deleteBefore(long cutoff) {
    requireFree();
    table.deleteBefore(cutoff);
    reportDrops();
  }

  private void reportDrops() {
    if (reportsDrops) {
      store.drainDrops();
    }
  }

  /** Closes the store and lets go of the values, unless somebody writes. */
  public void close() {
    occupy();
    try {
      store.close();
      if (store.openReaders() == 0) {
        payloads.close();
      }
    } finally {
      release();
    }
  }

  /** Fails if this is not the moment to write, flush, compact or change maintenance. */
  public void requireFree() {
    requireOpen();
    if (payloads.isReporting()) {
      throw new IllegalStateException(
          "A drop listener must not write to its log, maintain or close it: log=" + store.name());
    }
    Thread other = claimant;
    if (other != null) {
      throw refusal(other);
    }
  }

  /** Fails if the log is closed. */
  public void requireOpen() {
    if (store.isClosed()) {
      throw new IllegalStateException("The log is closed: log=" + store.name());
    }
  }

  private void occupy() {
    if (payloads.isReporting()) {
      requireFree();
    }
    Thread other = (Thread) CLAIMANT.compareAndExchange(this, null, Thread.currentThread());
    if (other != null) {
      throw refusal(other);
    }
  }

  private void claim() {
    occupy();
    if (store.isClosed()) {
      release();
      requireOpen();
    }
  }

  /** Ends a write, and takes back what was staged and did not get into the engine. */
  private void release() {
    try {
      payloads.discard(staged, written);
    } finally {
      staged.clear();
      written = 0;
      CLAIMANT.setRelease(this, null);
    }
  }

  private IllegalStateException refusal(Thread other) {
    return other == Thread.currentThread()
        ? new IllegalStateException(
            "This thread is in the middle of a write to the same log; a codec or the source of a"
                + " batch must not write to it, maintain or close it: log="
                + store.name())
        : new ConcurrentWriterException(store.name());
  }

  private void writeStaged() {
    BatchWrite batch = table.batch();
    try {
      batch.write(key, staged, staged.count(), staged.isSortedFrom(newest));
    } finally {
      written = batch.written();
      for (int i = 0; i < written; i++) {
        newest = Math.max(newest, staged.timestamp(i));
      }
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
