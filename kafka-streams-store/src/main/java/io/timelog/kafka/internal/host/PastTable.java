package io.timelog.kafka.internal.host;

import io.timelog.Snapshot;
import io.timelog.TableReader;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The table of a store at a moment that has passed, until its owner and all who pinned it have let
 * it go. After that its reads fail with an {@link IllegalStateException}. Thread-safe.
 */
final class PastTable implements ReadableTable {
  private final HostedTable hosted;
  private final Snapshot snapshot;
  private final TableReader reader;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** The table of a snapshot, which it takes over; the maker is its owner. */
  PastTable(HostedTable hosted, Snapshot snapshot, TableReader reader) {
    this.hosted = hosted;
    this.snapshot = snapshot;
    this.reader = reader;
  }

  @Override
  public TableReader reader() {
    hosted.requireOpen();
    return reader;
  }

  @Override
  public RuntimeException unlessClosed(IllegalStateException refusal) {
    return hosted.unlessClosed(refusal);
  }

  @Override
  public PinnedTable pin() {
    hosted.requireOpen();
    int before;
    do {
      before = holders.get();
      if (before == 0) {
        throw new IllegalStateException("The moment was let go: " + hosted.place());
      }
    } while (!holders.compareAndSet(before, before + 1));
    return new PinnedTable(snapshot, reader, this::letGo);
  }

  /** To be called once by the owner. */
  void letGo() {
    if (holders.decrementAndGet() == 0) {
      snapshot.close();
    }
  }
}
