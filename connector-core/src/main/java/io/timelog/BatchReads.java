package io.timelog;

import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.engine.WriterScan;
import io.timelog.internal.key.Key;
import io.timelog.internal.read.KeyScan;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.Rule;

/** Copies entries of one key into batches. */
final class BatchReads {
  private BatchReads() {}

  /**
   * Fills a batch from a position on and moves the position behind it; returns the number of
   * entries. Takes over the lease. If it throws, the position is where it was.
   */
  static int read(ReadLease lease, Rule rule, Key key, BatchPosition position, EntryBatch batch) {
    batch.clear();
    Span subkey = new Span();
    try (lease;
        KeyScan entries =
            KeyScan.openBehind(
                lease,
                rule,
                key,
                position.timestamp(),
                position.last(),
                position.subkey(subkey),
                position.entriesPassed())) {
      boolean more = skip(entries, rule, position, subkey);
      while (more && batch.offer(entries)) {
        more = entries.advance();
      }
      position.moveBehind(batch);
      position.setExhausted(!more);
    }
    return batch.size();
  }

  /**
   * As {@link #read}, for the writer of the table, who needs no lease. Nearly always all that is
   * read lies in memory as it is seen, and is copied a stretch of rows at a time.
   */
  static int readNow(TableEngine table, Span key, BatchPosition position, EntryBatch batch) {
    WriterScan scan = table.reads().scan(key, position.timestamp(), position.last());
    if (scan == null) {
      return read(table.reads().claim(), table.rule(), table.newKey(key), position, batch);
    }
    batch.clear();
    try (scan) {
      boolean map = table.rule() == Rule.MAP;
      if (position.entriesPassed() > 0) {
        pass(scan, map, position);
      }
      boolean all = true;
      RowCursor rows = scan.next();
      while (all && rows != null) {
        all = batch.offerAll(rows, map);
        rows = all ? scan.next() : null;
      }
      position.moveBehind(batch);
      position.setExhausted(all);
    }
    return batch.size();
  }

  private static void pass(WriterScan scan, boolean map, BatchPosition position) {
    if (map) {
      scan.passTo(position.timestamp(), position.subkey());
    } else {
      scan.pass(position.timestamp(), position.entriesPassed());
    }
  }

  /** How many entries a key has at a timestamp. For the writer of the table. */
  static long count(TableEngine table, Span key, long timestamp) {
    WriterScan scan = table.reads().scan(key, timestamp, timestamp);
    if (scan != null) {
      try (scan) {
        return scan.count(timestamp);
      }
    }
    try (KeyScan entries =
        KeyScan.open(
            table.reads().claim(),
            table.rule(),
            table.newKey(key),
            TimeRange.at(timestamp),
            Direction.FORWARD)) {
      return entries.countRemaining();
    }
  }

  /** Goes to the first entry that was not read before; false if there is none. */
  private static boolean skip(KeyScan entries, Rule rule, BatchPosition position, Span subkey) {
    boolean more = entries.advance();
    long passed = rule == Rule.MAP ? position.entriesPassed() : entries.leftToPass();
    while (more
        && passed > 0
        && entries.timestamp() == position.timestamp()
        && (rule == Rule.MULTIMAP || entries.compareSubkey(subkey) <= 0)) {
      passed -= rule == Rule.MULTIMAP ? 1 : 0;
      more = entries.advance();
    }
    return more;
  }
}
