package io.timelog.summary;

import io.timelog.ByteTarget;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableWriter;
import io.timelog.TimeRange;
import io.timelog.TimelogBusyException;
import org.jspecify.annotations.Nullable;

/**
 * The table of the blocks in the hands of the writer. That maintenance lags, which is said of a
 * write that was accepted, is not passed on: the caller has still to write what all this is about.
 */
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

  BlockTable(Table table) {
    this.table = table;
    this.writer = table.writer();
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
    try {
      writer.put(key, timestamp, NO_SUBKEY, value);
    } catch (TimelogBusyException accepted) {
      return;
    }
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
    try {
      writer.removeRange(key, range.intersect(BLOCKS));
    } catch (TimelogBusyException accepted) {
      return;
    }
  }

  /** Removes all blocks of a key, and its mark. */
  void removeAll(Span key) {
    try {
      writer.removeRange(key, TimeRange.all());
    } catch (TimelogBusyException accepted) {
      return;
    }
  }

  /** Removes the blocks of all keys that have their middle in a range. */
  void remove(TimeRange range) {
    TimeRange ofBlocks = range.intersect(BLOCKS);
    try {
      if (range.first() == Long.MIN_VALUE) {
        table.deleteBefore(ofBlocks.last() + 1);
      } else {
        table.deleteRange(ofBlocks);
      }
    } catch (TimelogBusyException accepted) {
      return;
    }
  }

  /** Whether there may be blocks. */
  boolean isUsed() {
    return marked;
  }
}
