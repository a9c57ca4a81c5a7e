/**
 * Where writes land: one {@link io.timelog.internal.memtable.MemtableWindow} per table and
 * partition window.
 *
 * <p>A window finds a key through its {@link io.timelog.internal.memtable.KeyTable}; the key's rows
 * lie in a chain of chunks ({@link io.timelog.internal.memtable.ChunkFormat}), sorted, in the
 * window's arena. {@link io.timelog.internal.memtable.ChainWriter} is the only class that changes
 * chunks, {@link io.timelog.internal.memtable.ChunkSizes} says how large they are made, and {@link
 * io.timelog.internal.memtable.ChainCursor} reads them.
 *
 * <p>One thread writes. Readers on other threads are kept apart from it by <em>versions</em>, not
 * by locks: a chunk is stamped with the version at which it was created, and once a reader of that
 * version or a later one is open the chunk is <em>frozen</em>: the writer appends to and edits
 * copies, never the chunk itself. Nothing in an arena is freed before the whole window is.
 */
@NullMarked
package io.timelog.internal.memtable;

import org.jspecify.annotations.NullMarked;
