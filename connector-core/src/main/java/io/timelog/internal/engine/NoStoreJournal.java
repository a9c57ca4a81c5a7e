package io.timelog.internal.engine;

import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.memtable.RowJournal;
import io.timelog.internal.row.Rule;

/** Takes no notice. */
final class NoStoreJournal extends StoreJournal {
  static final StoreJournal INSTANCE = new NoStoreJournal();

  private static final TableJournal OF_TABLE = new OfTable();

  private NoStoreJournal() {}

  @Override
  TableJournal table(int id, Rule rule) {
    return OF_TABLE;
  }

  @Override
  void createTable(Writes writes, int id, TableShape shape) {
    // Nothing is told.
  }

  @Override
  void forget() {
    // Nothing was told.
  }

  @Override
  boolean isMuchPending() {
    return false;
  }

  @Override
  void writeEarly() {
    // Nothing is pending.
  }

  @Override
  void relieve() {
    // Nothing is pending.
  }

  private static final class OfTable extends TableJournal {
    @Override
    RowJournal firstWindow(long base, long first, long last) {
      return RowJournal.none();
    }

    @Override
    RowJournal laterWindow(long base, long first, long last) {
      return RowJournal.none();
    }

    @Override
    long firstBytes(int keyLength, long payloadBytes) {
      return 0;
    }

    @Override
    long batchBytes(int rows, int keyLength, long payloadBytes, int windows) {
      return 0;
    }

    @Override
    void makeRoomForOperations(int count) {
      // Nothing is told.
    }

    @Override
    void deletedBefore(long cutoff) {
      // Nothing is told.
    }

    @Override
    void deletedRange(long first, long last, long version) {
      // Nothing is told.
    }

    @Override
    void dropped() {
      // Nothing is told.
    }
  }
}
