package io.timelog.summary;

import io.timelog.TimeRange;
import org.jspecify.annotations.Nullable;

/**
 * Puts the summary of a range before the frontier together, from blocks that lie in it and from
 * entries at its edges.
 */
final class RangeWalk<V, A> {
  /*
   * Goes from the smallest block around the range down to its halves, as far as these lie in the range
   * in part, or their summary is not known. A block is kept only if it has more than a few entries, so
   * of one that is not kept a few entries are read, and if these are not all, it is halved, too. That
   * reads too much in vain only where blocks were never summarized: of those it keeps what it finds.
   *
   * A block that begins before the first entry of the key is not looked at if all of its entries lie
   * in its newer half, which then says the same.
   */

  /** A block with at most so many entries is read. */
  static final int FEW = 64;

  private final Summarizer<V, A> summarizer;
  private final EntryFold<V, A> entries;
  private final KeyBlocks<A> blocks;
  private final Mark mark;

  RangeWalk(Summarizer<V, A> summarizer, EntryFold<V, A> entries, KeyBlocks<A> blocks, Mark mark) {
    this.summarizer = summarizer;
    this.entries = entries;
    this.blocks = blocks;
    this.mark = mark;
  }

  /** The summary of what lies in a range and before the frontier; null if nothing does. */
  @Nullable A over(TimeRange range) {
    long first = Math.max(range.first(), mark.low());
    TimeRange older = range.intersect(TimeRange.until(mark.frontier()));
    return older.isEmpty() || first > older.last()
        ? null
        : over(Block.around(first, older.last()), first, older.last());
  }

  /**
   * The summary of a part of a block, which may be all of it.
   *
   * @param first from the lowest timestamp of the key on
   * @param last before the frontier
   */
  private @Nullable A over(Block block, long first, long last) {
    if (block.level() == 0) {
      return entries.all(TimeRange.at(first));
    }
    long start = Math.max(block.first(), mark.low());
    if (start >= block.middle()) {
      return over(block.newer(), first, last);
    }
    if (block.last() >= mark.frontier()) {
      return ofHalves(block, first, last);
    }
    return first == start && last == block.last()
        ? ofWhole(block, first)
        : ofPart(block, first, last);
  }

  /** The summary of all of a block, which is kept if it was not. */
  private @Nullable A ofWhole(Block block, long first) {
    KeyBlocks.Found found = blocks.find(block);
    if (found == KeyBlocks.Found.SUMMARY) {
      return blocks.summary();
    }
    if (found == KeyBlocks.Found.NOTHING) {
      A few = entries.upTo(FEW, TimeRange.closed(first, block.last()));
      if (entries.isComplete()) {
        return few;
      }
    }
    A summary = ofHalves(block, first, block.last());
    if (summary != null) {
      blocks.keep(block, summary);
    }
    return summary;
  }

  private @Nullable A ofPart(Block block, long first, long last) {
    if (first >= block.middle() || last < block.middle()) {
      return ofHalves(block, first, last);
    }
    // A half with a summary says that the block has many entries, which need not be looked up then.
    if (last == block.last() && isSummarized(block.newer())) {
      A newer = blocks.summary();
      return merged(summarizer, over(block.older(), first, block.middle() - 1), newer);
    }
    if (first == Math.max(block.first(), mark.low()) && isSummarized(block.older())) {
      A older = blocks.summary();
      return merged(summarizer, older, over(block.newer(), block.middle(), last));
    }
    if (blocks.find(block) == KeyBlocks.Found.NOTHING) {
      A few = entries.upTo(FEW, TimeRange.closed(first, last));
      if (entries.isComplete()) {
        return few;
      }
      blocks.keepSplit(block);
    }
    return ofHalves(block, first, last);
  }

  private boolean isSummarized(Block block) {
    return block.level() > 0 && blocks.find(block) == KeyBlocks.Found.SUMMARY;
  }

  /** The summary of a part that lies in one half, or in both. */
  private @Nullable A ofHalves(Block block, long first, long last) {
    long middle = block.middle();
    A older = first < middle ? over(block.older(), first, Math.min(last, middle - 1)) : null;
    A newer = last >= middle ? over(block.newer(), Math.max(first, middle), last) : null;
    return merged(summarizer, older, newer);
  }

  /** The summary of two ranges, of which any may be empty. */
  static <A> @Nullable A merged(Summarizer<?, A> summarizer, @Nullable A older, @Nullable A newer) {
    if (older == null || newer == null) {
      return older == null ? newer : older;
    }
    return summarizer.merge(older, newer);
  }
}
