package io.timelog.internal.engine;

import io.timelog.ByteTarget;
import io.timelog.ConcurrentWriterException;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.internal.read.KeyScan;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Direction;
import io.timelog.internal.view.CurrentView;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a table reads between two writes. It opens no reader, so nothing is frozen and
 * no version ends because of it. For the writer.
 */
public final class WriterReads {
  /*
   * A claim keeps away all who could change what is read, and lets readers come and go; an operation
   * would have them wait. What is read is copied before the claim ends: from then on the relief of
   * another store may move it.
   */
  private final TableEngine table;
  private final Writes writes;
  private final PresentEntries present;
  private final PresentLease claim;
  private final PresentLease within;
  private final WriterScan scan;

  WriterReads(
      TableEngine table,
      WriterGate gate,
      Writes writes,
      CurrentView views,
      PresentEntries present) {
    this.table = table;
    this.writes = writes;
    this.present = present;
    this.claim = new PresentLease(gate, views, writes::release);
    this.within = new PresentLease(gate, views, () -> {});
    this.scan = new WriterScan(gate, writes, views);
  }

  /**
   * Copies the value of the entry of a map at a timestamp and subkey; false if there is none.
   *
   * @param into null if only that is asked
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if this thread is, if the store is closed or the table dropped
   */
  public boolean get(Span key, long timestamp, Span subkey, @Nullable ByteTarget into) {
    writes.claim();
    try {
      table.requireNotDropped();
      return present.read(table.keyOf(key), timestamp, subkey, into) != PointRead.ABSENT;
    } finally {
      writes.release();
    }
  }

  /** Bytes of all subkeys and values that a key has at a timestamp. Inside an operation. */
  long payloadBytes(Span key, long timestamp) {
    long bytes = 0;
    KeyScan entries =
        KeyScan.open(
            within.open(),
            table.rule(),
            table.keyOf(key),
            TimeRange.at(timestamp),
            Direction.FORWARD);
    while (entries.advance()) {
      bytes += entries.subkeyLength() + entries.valueLength();
    }
    return bytes;
  }

  /**
   * The entries of a key in a closed range of time, if they can be read as they lie in memory; null
   * if a scan on a {@linkplain #claim claim} has to find out what is seen. Keeps other writers out
   * until it is closed, which is soon. There is one at a time.
   *
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if this thread is, if the store is closed or the table dropped
   */
  public @Nullable WriterScan scan(Span key, long first, long last) {
    writes.claim();
    boolean begun = false;
    try {
      table.requireNotDropped();
      begun = scan.begin(table.keyOf(key), first, last);
    } finally {
      if (!begun) {
        writes.release();
      }
    }
    return begun ? scan : null;
  }

  /**
   * Opens a lease on the present that keeps other writers out until it is closed, which is soon.
   * There is one at a time.
   *
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws IllegalStateException if this thread is, if the store is closed or the table dropped
   */
  public ReadLease claim() {
    writes.claim();
    try {
      table.requireNotDropped();
    } catch (IllegalStateException dropped) {
      writes.release();
      throw dropped;
    }
    return claim.open();
  }
}
