package io.timelog.summary;

import io.timelog.BusyPolicy;
import io.timelog.Cursor;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import io.timelog.ValueReader;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Summaries of the entries of a table, kept in another table beside it, out of which ranges of time
 * of a key are aggregated.
 *
 * <pre>{@code
 * Table delays = store.createTable(TableOptions.multimap("delays").build());
 * Table blocks = store.createTable(Summaries.options("delays-summaries").build());
 * Summaries<Long, LongSummary> summaries =
 *     new Summaries<>(delays, blocks, Codecs.longs(), LongSummary.of(delay -> delay));
 * ...
 * summaries.beforeWrite(key, timestamp);
 * delays.append(key, timestamp, value);
 * ...
 * LongSummary ofTheHour = summaries.aggregate(key, TimeRange.of(now - HOUR, now));
 * }</pre>
 *
 * <p>Whoever writes to the table says so here <em>before</em>, every time; else what is answered
 * later is wrong. What is said in vain, because the write is refused then, costs time and nothing
 * else. There must be no entries that leave the table by themselves, by an {@link
 * io.timelog.EntryFilter}. The table of the blocks is a map that is used for nothing else; both may
 * be in different stores. It begins empty: summaries are no state, they are made anew when they are
 * missing.
 *
 * <p>With n entries of a key in a range, an aggregate reads O(log n) summaries and some ten or
 * hundred entries, at both edges of the range and at the newest end of the key. More precisely, at
 * most one block for each doubling of the time between its oldest and its newest entry, at either
 * edge; and where many entries have one timestamp, at an edge all of these. The first time, and
 * after many entries were added or deleted, it reads these entries, once or twice. A write at the
 * newest end of a key costs a lookup; one before it a lookup for each doubling of its distance from
 * there. With summaries of 32 bytes they take one or two bytes of memory for each entry, and those
 * of keys that have few entries, or were never asked for, take none.
 *
 * <p>For the one writer of both tables, but for {@link #aggregate(byte[], TimeRange, TableReader,
 * TableReader)}, which any thread may call.
 *
 * @param <V> the type of the values
 * @param <A> the type of the summaries
 */
public final class Summaries<V, A> {
  /** The newest entries of a key are summarized when there are more than so many. */
  private static final int NEWEST = 2 * RangeWalk.FEW;

  /** A reader that read more than this asks the writer for summaries. */
  private static final int MANY = 8 * RangeWalk.FEW;

  /** So many keys are noted at most for which readers want summaries. */
  private static final int MOST_WANTED = 1024;

  private final Table entries;
  private final BlockTable blocks;
  private final ValueReader<V> values;
  private final Summarizer<V, A> summarizer;

  /** Of which keys readers would have liked to find more summaries, and where. */
  private final Map<ByteBuffer, TimeRange> wanted = new ConcurrentHashMap<>();

  private volatile Deletes deletes = Deletes.NONE;

  /**
   * Summaries of a table.
   *
   * @param entries the table
   * @param blocks a table of {@link #options}, without entries
   * @param values reads the values of the entries; a codec does
   * @throws IllegalArgumentException if the store of the blocks tells by exceptions that its
   *     maintenance lags ({@link BusyPolicy#RAISE})
   */
  public Summaries(
      Table entries, Table blocks, ValueReader<V> values, Summarizer<V, A> summarizer) {
    this.entries = Objects.requireNonNull(entries, "entries");
    this.blocks = BlockTable.of(Objects.requireNonNull(blocks, "blocks"));
    this.values = Objects.requireNonNull(values, "values");
    this.summarizer = Objects.requireNonNull(summarizer, "summarizer");
  }

  /** The options of a table of blocks of this name, for the caller to add to. */
  public static TableOptions.Builder options(String name) {
    return TableOptions.map(name).unbounded();
  }

  /**
   * An entry of the key is about to be written at a timestamp, or to be replaced or removed there.
   *
   * @throws MemoryBudgetExceededException if there is no room; the entry must not be written then
   */
  public void beforeWrite(Span key, long timestamp) {
    Mark mark = blocks.mark(key);
    if (mark != null && timestamp < mark.frontier()) {
      blocks.takeBack(key, timestamp, mark);
      if (timestamp < mark.low()) {
        blocks.put(key, mark.withLow(timestamp));
      }
    }
  }

  /**
   * The entries of the key in a range are about to be deleted.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing must be deleted then
   */
  public void beforeDelete(Span key, TimeRange range) {
    Mark mark = blocks.mark(key);
    if (mark == null || range.isEmpty() || range.first() >= mark.frontier()) {
      return;
    }
    if (range.equals(TimeRange.all())) {
      blocks.removeAll(key);
      return;
    }
    // A block that the range touches has its middle in it, or an end of the range lies in the
    // block.
    if (range.first() != Long.MIN_VALUE) {
      blocks.takeBack(key, range.first(), mark);
    }
    blocks.takeBack(key, range.last(), mark);
    blocks.remove(key, range);
  }

  /**
   * The entries of all keys in a range are about to be deleted; before {@code
   * Table.deleteBefore(cutoff)} that is {@code TimeRange.until(cutoff)}.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing must be deleted then
   */
  public void beforeDelete(TimeRange range) {
    if (!range.isEmpty() && blocks.isUsed()) {
      deletes = deletes.with(range);
      blocks.remove(range);
    }
  }

  /**
   * The summary of the entries of a key in a range as it is now. For the writer: keeps the
   * summaries that it had to make, as far as there is room for them.
   */
  public A aggregate(byte[] key, TimeRange range) {
    EntryFold<V, A> fold = new EntryFold<>(entries, key, values, summarizer);
    A summary;
    try {
      summary = aggregateAndKeep(key, range, fold);
    } catch (MemoryBudgetExceededException e) {
      // There is no room for summaries, and entries can be read without.
      summary = fold.all(range);
    }
    return orNone(summary);
  }

  private A orNone(@Nullable A summary) {
    return summary == null ? summarizer.none() : summary;
  }

  private @Nullable A aggregateAndKeep(byte[] key, TimeRange range, EntryFold<V, A> fold) {
    Span keySpan = Span.of(key);
    Mark mark = blocks.mark(keySpan);
    if (mark != null && range.first() <= mark.low()) {
      mark = raised(keySpan, mark, first(entries.scan(key, TimeRange.all())));
    }
    A newest = fold.upTo(NEWEST, newest(mark, range));
    if (!fold.isComplete()) {
      mark = advanced(keySpan, mark);
      newest = fold.all(newest(mark, range));
    }
    return mark == null ? newest : merged(older(keySpan, mark, range, fold), newest);
  }

  private @Nullable A older(Span key, Mark mark, TimeRange range, EntryFold<V, A> fold) {
    KeyBlocks<A> kept = new WrittenBlocks<>(key, blocks, summarizer.codec(), deletes, mark);
    return new RangeWalk<>(summarizer, fold, kept, mark).over(range);
  }

  private @Nullable A merged(@Nullable A older, @Nullable A newer) {
    return RangeWalk.merged(summarizer, older, newer);
  }

  /** What of a range lies at the frontier or behind it: all of it if there is none. */
  private static TimeRange newest(@Nullable Mark mark, TimeRange range) {
    return mark == null ? range : range.intersect(TimeRange.since(mark.frontier()));
  }

  private static OptionalLong first(Cursor scan) {
    try (scan) {
      return scan.advance() ? OptionalLong.of(scan.timestamp()) : OptionalLong.empty();
    }
  }

  /** The mark with its low end at the oldest entry; null if no entry lies before the frontier. */
  private @Nullable Mark raised(Span key, Mark mark, OptionalLong oldest) {
    if (oldest.isEmpty() || oldest.getAsLong() >= mark.frontier()) {
      blocks.removeAll(key);
      return null;
    }
    return replaced(key, mark, mark.withLow(oldest.getAsLong()));
  }

  /** The mark with its frontier at the newest entry of the key, which has entries. */
  private Mark advanced(Span key, @Nullable Mark mark) {
    byte[] keyBytes = key.toByteArray();
    long newest = first(entries.scanBackward(keyBytes, TimeRange.all())).orElseThrow();
    return mark == null
        ? replaced(
            key,
            null,
            Mark.of(first(entries.scan(keyBytes, TimeRange.all())).orElseThrow(), newest))
        : replaced(key, mark, mark.withFrontier(Math.max(newest, mark.frontier())));
  }

  private Mark replaced(Span key, @Nullable Mark before, Mark after) {
    if (!after.equals(before)) {
      blocks.put(key, after);
    }
    return after;
  }

  /**
   * The summary of the entries of a key in a range, at one moment of both tables: as a {@link
   * io.timelog.Snapshot} of a store that has both shows them. For any thread. Keeps nothing; where
   * there were few summaries, the writer is told to make some when it next calls {@link
   * #makeWanted()}.
   *
   * @param entriesThen the table as it was at the moment
   * @param blocksThen the table of the blocks as it was at the moment
   */
  public A aggregate(byte[] key, TimeRange range, TableReader entriesThen, TableReader blocksThen) {
    // Read after the moment: so all deletes that it knows of are among them.
    Deletes deletesByNow = deletes;
    EntryFold<V, A> fold = new EntryFold<>(entriesThen, key, values, summarizer);
    KeyBlocks<A> kept =
        new KeyBlocks<>(Span.of(key), blocksThen::get, summarizer.codec(), deletesByNow);
    Mark mark = kept.mark();
    A newest = fold.all(newest(mark, range));
    A older = mark == null ? null : new RangeWalk<>(summarizer, fold, kept, mark).over(range);
    if (fold.entriesRead() > MANY) {
      want(key, range);
    }
    return orNone(merged(older, newest));
  }

  private void want(byte[] key, TimeRange range) {
    ByteBuffer wantedKey = ByteBuffer.wrap(key.clone());
    if (wanted.size() < MOST_WANTED || wanted.containsKey(wantedKey)) {
      wanted.merge(wantedKey, range, Summaries::hull);
    }
  }

  private static TimeRange hull(TimeRange one, TimeRange other) {
    return TimeRange.closed(
        Math.min(one.first(), other.first()), Math.max(one.last(), other.last()));
  }

  /**
   * Makes the summaries that readers missed. For the writer, between two writes; costs nothing if
   * there are none. What a codec or the summarizer throws is thrown on, and not tried again.
   */
  public void makeWanted() {
    if (wanted.isEmpty()) {
      return;
    }
    Iterator<Map.Entry<ByteBuffer, TimeRange>> all = wanted.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<ByteBuffer, TimeRange> one = all.next();
      all.remove();
      aggregate(one.getKey().array(), one.getValue());
    }
  }
}
