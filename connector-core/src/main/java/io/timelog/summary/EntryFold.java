package io.timelog.summary;

import io.timelog.Cursor;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.ValueReader;
import org.jspecify.annotations.Nullable;

/** Summarizes entries of one key by reading them. */
final class EntryFold<V, A> {
  private final TableReader entries;
  private final byte[] key;
  private final ValueReader<V> values;
  private final Summarizer<V, A> summarizer;
  private boolean complete;
  private long entriesRead;

  EntryFold(TableReader entries, byte[] key, ValueReader<V> values, Summarizer<V, A> summarizer) {
    this.entries = entries;
    this.key = key;
    this.values = values;
    this.summarizer = summarizer;
  }

  /** All entries in a range; null if there are none. */
  @Nullable A all(TimeRange range) {
    return upTo(Integer.MAX_VALUE, range);
  }

  /**
   * The entries in a range if there are at most so many, which {@link #isComplete()} then tells;
   * null if there are none.
   */
  @Nullable A upTo(int most, TimeRange range) {
    complete = true;
    if (range.isEmpty()) {
      return null;
    }
    try (Cursor cursor = entries.scan(key, range)) {
      if (!cursor.advance()) {
        return null;
      }
      A summary = summarizer.none();
      for (int left = most; left > 0; left--) {
        summary = summarizer.add(summary, cursor.timestamp(), values.read(cursor.valueBuffer()));
        entriesRead++;
        if (!cursor.advance()) {
          return summary;
        }
      }
      complete = false;
      return null;
    }
  }

  /** Whether all entries in the range that was asked for last were read. */
  boolean isComplete() {
    return complete;
  }

  /** How many entries were read so far. */
  long entriesRead() {
    return entriesRead;
  }
}
