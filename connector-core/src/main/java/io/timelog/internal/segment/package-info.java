/**
 * Immutable, sorted rows of one partition window.
 *
 * <p>{@link io.timelog.internal.segment.SegmentWriter} takes keys in order and rows in time order
 * and writes pages; {@link io.timelog.internal.segment.Segment} reads what it wrote and is one of
 * the sources that readers merge; {@link io.timelog.internal.segment.Page} is one checked page of
 * it, whose timestamps can be shared with callers in place.
 *
 * <p>A writer belongs to one thread. A segment may be read by any number of threads; it is counted
 * by its users and freed by the last. What the bytes mean is in {@link io.timelog.internal.format},
 * where they are kept in {@link io.timelog.internal.storage}. Nothing read from storage is trusted
 * before its checksum was compared.
 */
@NullMarked
package io.timelog.internal.segment;

import org.jspecify.annotations.NullMarked;
