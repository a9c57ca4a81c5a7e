/**
 * Aggregates over a range of time of one key that are answered from summaries of what lies in it,
 * not from its entries.
 *
 * <p>{@link io.timelog.summary.Summarizer} says what is computed; {@link
 * io.timelog.summary.LongSummary} and {@link io.timelog.summary.DoubleSummary} are count, sum,
 * smallest and largest of a field. {@link io.timelog.summary.Summaries} keeps the summaries of a
 * table in another table beside it, and answers.
 *
 * <p>How it works: time is cut into {@link io.timelog.summary.Block}s, each twice as long as those
 * below it, and a summary is kept for each block of a key that has many entries. A {@link
 * io.timelog.summary.RangeWalk} puts a range together out of few blocks and of the entries at its
 * edges. Summaries are made when a range is asked for, of blocks that lie wholly before the newest
 * entries, the {@link io.timelog.summary.Mark}: appends in the order of time never touch one. What
 * is written or deleted before that takes the value away from the blocks around it.
 */
@NullMarked
package io.timelog.summary;

import org.jspecify.annotations.NullMarked;
