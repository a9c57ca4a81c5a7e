/**
 * Where the bytes of segments are kept.
 *
 * <p>{@link io.timelog.internal.storage.SegmentStorage} is the door: a segment is created under a
 * name, written front to back through a {@link io.timelog.internal.storage.SegmentOutput}, sealed,
 * and from then on read at any place through a {@link io.timelog.internal.storage.SegmentInput}. A
 * name is used once, and sealed bytes never change. {@link
 * io.timelog.internal.storage.MemoryStorage} keeps the bytes in memory under a {@link
 * io.timelog.MemoryBudget}; a {@link io.timelog.internal.storage.FileInput} reads what lies in a
 * file, and an {@link io.timelog.internal.storage.UnloadingStorage} has segments go there at once.
 *
 * <p>Nothing here knows what the bytes mean. A failure of the medium is a {@link
 * io.timelog.TimelogException} with the cause below it; no checked exception leaves this package.
 */
@NullMarked
package io.timelog.internal.storage;

import org.jspecify.annotations.NullMarked;
