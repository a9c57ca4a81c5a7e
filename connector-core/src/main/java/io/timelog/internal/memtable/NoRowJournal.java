package io.timelog.internal.memtable;

import io.timelog.internal.key.Key;

/** Takes no notice. */
final class NoRowJournal extends RowJournal {
  static final RowJournal INSTANCE = new NoRowJournal();

  private NoRowJournal() {}

  @Override
  public long serial() {
    return 0;
  }

  @Override
  public void makeRoom(Key key, PendingRow row) {
    // Nothing is told.
  }

  @Override
  public void wrote(Key key, PendingRow row) {
    // Nothing is told.
  }

  @Override
  public void makeRoom(Key key, PendingRows rows, int from, int end) {
    // Nothing is told.
  }

  @Override
  public void wrote(Key key, PendingRows rows, int from, int count) {
    // Nothing is told.
  }

  @Override
  public void makeRoom(Key key, RowBatch batch) {
    // Nothing is told.
  }

  @Override
  public void replaced(Key key, RowBatch batch) {
    // Nothing is told.
  }

  @Override
  public void makeRoomForRange(Key key) {
    // Nothing is told.
  }

  @Override
  public void removedRange(Key key, long first, long last) {
    // Nothing is told.
  }

  @Override
  public void discard() {
    // Nothing was told.
  }

  @Override
  public void discardIfUnknown() {
    // Nothing was told.
  }
}
