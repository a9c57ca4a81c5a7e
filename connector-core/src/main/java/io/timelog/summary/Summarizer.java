package io.timelog.summary;

import io.timelog.Codec;

/**
 * What is computed of the entries in a range: a summary of none of them, how an entry is added to a
 * summary, and how the summaries of two ranges that follow one another become that of both.
 *
 * <p>A summary must not depend on where ranges are cut: {@code merge} is associative, with {@link
 * #none()} as its neutral element, and adding entries to a summary is the same as merging it with
 * theirs. It need not be commutative, since entries are added and ranges merged in the order of
 * time, entries of one time in the order of a scan. So a first or a last value is a summary, too. A
 * sum of doubles depends on where ranges are cut in its last bits.
 *
 * <p>Summaries may be objects that change. Who adds to one or merges two has no further use for
 * them, so they may be changed and returned, and none is kept: {@link #codec()} makes bytes of
 * them.
 *
 * <p>Must be thread-safe, which it is without fields: the writer and readers use one at the same
 * time.
 *
 * @param <V> the type of the values
 * @param <A> the type of the summaries; never null
 */
public interface Summarizer<V, A> {
  /** A summary of no entries. */
  A none();

  /** The summary of what {@code summary} is of and an entry behind it. May change the summary. */
  A add(A summary, long timestamp, V value);

  /**
   * The summary of what {@code earlier} and {@code later} are of. May change both, and return one.
   */
  A merge(A earlier, A later);

  /** How summaries are kept. Their bytes are as many as a summary costs in memory. */
  Codec<A> codec();
}
