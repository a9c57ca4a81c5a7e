/**
 * The files of a store in a directory, and which of them count.
 *
 * <p>A store is what its newest manifest names, and what a {@linkplain io.timelog.internal.journal
 * log} that it names has after it. {@link io.timelog.internal.directory.StoreDirectory} is the
 * door: it finds the store that somebody left, and makes a moment of a store the next one, each by
 * the protocol that is described there. Behind it:
 *
 * <ul>
 *   <li>{@code Recovery}: what is found when a directory is opened, and what is removed;
 *   <li>{@link io.timelog.internal.directory.ManifestFiles}: how one manifest takes the place of
 *       another;
 *   <li>{@code SegmentFiles} and {@code PackOutput}: which segments lie in which files, as they are
 *       or {@linkplain io.timelog.internal.compression compressed};
 *   <li>{@code UnforcedFiles}: which of them a commit has to force before it names them;
 *   <li>{@code FileNumbers} and {@code LogFileNumbers}: numbers that no file had before;
 *   <li>{@code HeldStorage} and {@code FileSegments}: the segments of the store, be they in memory
 *       or read from files;
 *   <li>{@code FileLedger}: who names which file, and which may be deleted;
 *   <li>{@code StoreFile}: how files are called.
 * </ul>
 *
 * <p>All files are written and read through a {@link io.timelog.internal.storage.disk.Disk}; what
 * is durable when is decided here. Failures of the disk leave this package as they are.
 */
@NullMarked
package io.timelog.internal.directory;

import org.jspecify.annotations.NullMarked;
