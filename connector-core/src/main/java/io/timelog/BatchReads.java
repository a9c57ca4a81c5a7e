package io.timelog;

import io.timelog.internal.key.Key;
import io.timelog.internal.read.KeyScan;
import io.timelog.internal.read.ReadLease;
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
      position.moveBehind(batch, subkey);
      position.setExhausted(!more);
    }
    return batch.size();
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
