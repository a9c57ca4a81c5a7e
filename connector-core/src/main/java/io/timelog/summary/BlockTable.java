package io.timelog.summary;

import io.timelog.BusyPolicy;
import io.timelog.ByteTarget;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableWriter;
import io.timelog.TimeRange;
import org.jspecify.annotations.Nullable;

/** The table of the blocks in the hands of the writer. */
final class BlockTable {
  static final Span NO_SUBKEY = new Span();

  /** Where blocks are, and no mark. */
  private static final TimeRange BLOCKS = TimeRange.until(Mark.TIMESTAMP);

  private final Table table;
  private final TableWriter writer;
  private final ByteTarget read = new ByteTarget();
  private final ByteTarget written = new ByteTarget();
  private final Span span = new Span();

  /** Whether there ever was a mark. */
  private boolean marked;

  private BlockTable(Table table) {
    this.table = table;
    this.writer = table.writer();
  }

  /**
   * A table for blocks. An exception of it would be taken for a refusal of what is to be written to
   * the entries, so there must be none that comes with a write that was accepted.
   */
  static BlockTable of(Table table) {
    if (table.busyPolicy() == BusyPolicy.RAISE) {
      throw new IllegalArgumentException(
          "Summaries must lie in a store that does not raise when its maintenance lags. Choose"
              + " another busyPolicy: table="
              + table.name()
              + ", busyPolicy="
              + BusyPolicy.RAISE);
    }
    return new BlockTable(table);
  }

  boolean get(Span key, long timestamp, Span subkey, ByteTarget target) {
    return writer.get(key, timestamp, subkey, target);
  }

  /** What is known of all blocks of a key; null if it has none. */
  @Nullable Mark mark(Span key) {
    return marked && writer.get(key, Mark.TIMESTAMP, NO_SUBKEY, read)
        ? Mark.read(span.set(read))
        : null;
  }

  void put(Span key, Mark mark) {
    marked = true;
    mark.write(written);
    put(key, Mark.TIMESTAMP, span.set(written));
  }

  void put(Span key, long timestamp, Span value) {
    writer.put(key, timestamp, NO_SUBKEY, value);
  }

  /** Takes the summaries of all kept blocks back in which a timestamp lies. */
  void takeBack(Span key, long timestamp, Mark mark) {
    int level = mark.lowestLevel();
    Block block = Block.around(timestamp, level);
    while (block.last() < mark.frontier()) {
      if (writer.get(key, block.middle(), NO_SUBKEY, read) && read.length() > 0) {
        put(key, block.middle(), span.clear());
      }
      level++;
      block = Block.around(timestamp, level);
    }
  }

  /** Removes the blocks of a key that have their middle in a range. */
  void remove(Span key, TimeRange range) {
    writer.removeRange(key, range.intersect(BLOCKS));
  }

  /** Removes all blocks of a key, and its mark. */
  void removeAll(Span key) {
    writer.removeRange(key, TimeRange.all());
  }

  /** Removes the blocks of all keys that have their middle in a range. */
  void remove(TimeRange range) {
    TimeRange ofBlocks = range.intersect(BLOCKS);
    if (range.first() == Long.MIN_VALUE) {
      table.deleteBefore(ofBlocks.last() + 1);
    } else {
      table.deleteRange(ofBlocks);
    }
  }

  /** Whether there may be blocks. */
  boolean isUsed() {
    return marked;
  }
}
