/**
 * Immutable, sorted rows of one partition window.
 *
 * <p>{@link io.timelog.internal.segment.SegmentWriter} takes keys in order and rows in time order;
 * {@code PageCutter} decides where a page ends, {@code WrittenPages} writes pages and collects what
 * the sections that lead to them will say.
 *
 * <p>{@link io.timelog.internal.segment.Segment} reads what was written and is one of the sources
 * that readers merge. {@code SegmentSections} opens and checks what leads to pages, {@code
 * SegmentPages} loads and checks pages and searches their bounds, {@code IndexBlocks} loads and
 * checks the blocks of the indexes, {@code KeyIndex}, {@code SegmentKeyGroups} and {@code
 * SegmentTimeIndex} find keys, and the cursors step through keys and rows. {@link
 * io.timelog.internal.segment.Page} is one checked page, whose timestamps can be shared with
 * callers in place. {@link io.timelog.internal.segment.SegmentRun} reads several segments that
 * follow one another as one. {@link io.timelog.internal.segment.PageEnds} tells who stores the
 * bytes of a segment where its pages are.
 *
 * <p>A writer belongs to one thread. A segment may be read by any number of threads. It is a
 * handle: closing it leaves the bytes in the storage, and deleting them is a call of its own. What
 * the bytes mean is in {@link io.timelog.internal.format.v1}, and this is the only package that
 * knows; where they are kept is in {@link io.timelog.internal.storage}. Nothing read from storage
 * is trusted before its checksum was compared.
 */
@NullMarked
package io.timelog.internal.segment;

import org.jspecify.annotations.NullMarked;
