/**
 * What a store is kept on.
 *
 * <p>A {@link io.timelog.internal.medium.StoreMedium} gives the engine a place for segments, and
 * says what becomes of them when the store is closed. {@link
 * io.timelog.internal.medium.MemoryMedium} lets everything go with the process; {@link
 * io.timelog.internal.medium.DirectoryMedium} keeps what was committed.
 *
 * <p>A medium knows segments and files, but neither tables nor writes: what a store consists of at
 * one moment is told to it. A failure of the file system becomes a {@link
 * io.timelog.TimelogStorageException} here, because here it is known what is lost by it.
 */
@NullMarked
package io.timelog.internal.medium;

import org.jspecify.annotations.NullMarked;
