package io.timelog.internal.engine;

import io.timelog.internal.journal.LoggedWindow;
import io.timelog.internal.journal.PendingWindow;
import io.timelog.internal.journal.PendingWrites;
import io.timelog.internal.journal.StoreLog;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.memtable.RowJournal;
import io.timelog.internal.row.Rule;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is written to a store until a commit takes it to the log. For the writer, but for the
 * numbers.
 */
final class LogJournal extends StoreJournal {
  private static final Logger LOG = LoggerFactory.getLogger(LogJournal.class);

  /** Slabs grow by four, so sections hold at most five times what they need. */
  private static final int SLAB_GROWTH_FACTOR = 5;

  /** What is written at once lies in one slab, so the one before may be left half empty. */
  private static final int GAPS_FACTOR = 2;

  private final PendingWrites pending;
  private long nextSerial;
  private @Nullable StoreLog log;

  /**
   * Of a store that is about to be found.
   *
   * @param memory pays for what is kept
   * @param firstSerial no memtable window of the store has or had this serial or a larger one
   */
  LogJournal(MemoryAccount memory, long firstSerial) {
    pending = new PendingWrites(memory);
    nextSerial = firstSerial;
  }

  PendingWrites pending() {
    return pending;
  }

  /** No memtable window has this serial or a larger one. */
  long nextSerial() {
    return nextSerial;
  }

  /** From now on this takes what is kept. Until then it was found in a log. */
  void writeTo(StoreLog opened) {
    log = opened;
  }

  @Override
  void forget() {
    pending.discard();
  }

  /** About how much is pending, in bytes. Any thread. */
  long pendingBytes() {
    return pending.bytes();
  }

  @Override
  TableJournal table(int id, Rule rule) {
    return new OfTable(id, rule);
  }

  @Override
  void createTable(Writes writes, int id, TableShape shape) {
    writes.begin();
    writes.performQuietly(shape.name(), new Creation(id, shape));
  }

  /** Notes a new table. */
  private final class Creation extends WriteOperation {
    private final int id;
    private final TableShape shape;

    Creation(int id, TableShape shape) {
      this.id = id;
      this.shape = shape;
    }

    @Override
    boolean apply() {
      pending.makeRoomForOperation();
      pending.createTable(id, shape);
      return true;
    }

    @Override
    Purpose purpose() {
      return Purpose.NO_GROWTH;
    }
  }

  @Override
  boolean isMuchPending() {
    StoreLog to = log;
    return to != null && to.isMuchPending();
  }

  @Override
  void writeEarly() {
    StoreLog to = log;
    if (to != null) {
      to.writeEarly();
    }
  }

  @Override
  void relieve() {
    StoreLog to = log;
    if (to == null) {
      forget();
      return;
    }
    try {
      to.relieve();
    } catch (IOException e) {
      LOG.warn("What is pending of a store could not be written and stays in memory", e);
    }
  }

  /** The journal of one table. */
  private final class OfTable extends TableJournal {
    private final int id;
    private final Rule rule;

    OfTable(int id, Rule rule) {
      this.id = id;
      this.rule = rule;
    }

    @Override
    RowJournal firstWindow(long base, long first, long last) {
      return new LoggedRows(window(base, first, last), rule, PendingWindow::isAllPending);
    }

    @Override
    RowJournal laterWindow(long base, long first, long last) {
      return new LoggedRows(window(base, first, last), rule, window -> false);
    }

    private PendingWindow window(long base, long first, long last) {
      return pending.window(new LoggedWindow(id, nextSerial++, base, first, last));
    }

    @Override
    long firstBytes(int keyLength, long payloadBytes) {
      return PendingWindow.firstBytes(PendingWindow.frameBytes(1, keyLength, payloadBytes));
    }

    @Override
    long batchBytes(int rows, int keyLength, long payloadBytes, int windows) {
      long frames = PendingWindow.frameBytes(rows, keyLength, payloadBytes);
      return Math.min(
          SLAB_GROWTH_FACTOR * frames + windows * PendingWindow.firstBytes(0),
          GAPS_FACTOR * (frames + (long) windows * MemoryAccount.MAX_SLAB_BYTES));
    }

    @Override
    void makeRoomForOperations(int count) {
      pending.makeRoomForOperations(count);
    }

    @Override
    void deletedBefore(long cutoff) {
      pending.floor(id, cutoff);
    }

    @Override
    void deletedRange(long first, long last, long version) {
      pending.deleteRange(id, first, last, version);
    }

    @Override
    void dropped() {
      pending.dropTable(id);
    }
  }
}
