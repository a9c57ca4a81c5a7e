/**
 * Where writes land: one {@link io.timelog.internal.memtable.MemtableWindow} per table and
 * partition window.
 *
 * <p>A window finds the {@link io.timelog.internal.memtable.KeyNode} of a key through its {@link
 * io.timelog.internal.memtable.KeyTable}; the key's rows lie, sorted, in a chain of {@link
 * io.timelog.internal.memtable.Chunk chunks}. All of these are blocks in the window's arena. {@link
 * io.timelog.internal.memtable.ChainWriter} adds rows, {@link
 * io.timelog.internal.memtable.ChunkEditor} where they go among others, {@link
 * io.timelog.internal.memtable.RowRemoval} takes them out, {@link
 * io.timelog.internal.memtable.RowReplacement} puts others in their place; {@link
 * io.timelog.internal.memtable.ChainLinks} makes and links the chunks for them, and {@link
 * io.timelog.internal.memtable.ChunkSizes} says how large they are made. {@link
 * io.timelog.internal.memtable.RoomEstimates} says beforehand what a write may need.
 *
 * <p>Readers have the {@link io.timelog.internal.memtable.MemtableRows} of the window: {@link
 * io.timelog.internal.memtable.ChainCursor} reads the rows of a key, {@link
 * io.timelog.internal.memtable.NodeCursor} goes from key to key, over those that {@link
 * io.timelog.internal.memtable.KeySearch} found.
 *
 * <p>One thread writes. Readers on other threads are kept apart from it by <em>versions</em>, not
 * by locks: a chunk is stamped with the version at which it was created, and while a reader of that
 * version or a later one is open the chunk is <em>frozen</em>: the writer adds rows behind those
 * that the reader sees, and makes all other changes in a copy. What a copy has replaced is retired,
 * and {@code Reclamation} frees it when no reader is left that may see it.
 */
@NullMarked
package io.timelog.internal.memtable;

import org.jspecify.annotations.NullMarked;
