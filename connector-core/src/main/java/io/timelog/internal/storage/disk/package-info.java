/**
 * Every byte that is read from or written to a file goes through here.
 *
 * <p>A {@link io.timelog.internal.storage.disk.Disk} is one flat directory: files are made, written
 * front to back through an {@link io.timelog.internal.storage.disk.AppendFile}, read at any place
 * through a {@link io.timelog.internal.storage.disk.PositionedFile}, renamed and deleted. {@link
 * io.timelog.internal.storage.disk.LocalDisk} is the one of the operating system. Tests have
 * others, which record what is done, so that every state in which a crash may leave the files can
 * be made, or which fail when they are told to.
 *
 * <p>What becomes durable when is part of the contract:
 *
 * <ul>
 *   <li>the bytes of a file with {@link io.timelog.internal.storage.disk.AppendFile#force()};
 *   <li>that a file has a name, a new one, or none any more, with {@link
 *       io.timelog.internal.storage.disk.Disk#syncDirectory()}. Neither implies the other.
 * </ul>
 *
 * <p>An interrupt of the calling thread neither fails nor ends anything here; the thread is
 * interrupted still when the call returns. Nothing here knows what bytes mean, and nobody else may
 * use {@code java.nio.channels} or {@code java.nio.file}. Failures are an {@link
 * java.io.IOException} of which the message or its class tells the file and the reason; who calls
 * says what was lost by it.
 */
@NullMarked
package io.timelog.internal.storage.disk;

import org.jspecify.annotations.NullMarked;
