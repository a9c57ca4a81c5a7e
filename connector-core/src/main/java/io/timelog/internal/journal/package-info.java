/**
 * The log of a store in a directory: what was committed and is not in segments yet.
 *
 * <p>A commit is one append. What is written to a memtable window is also encoded into {@link
 * io.timelog.internal.journal.PendingWrites}, which a {@link io.timelog.internal.journal.StoreLog}
 * writes as one batch when a commit is made; a window that dies before takes what is pending with
 * it. After a crash {@link io.timelog.internal.journal.LogRecovery} finds out what counts, and
 * {@link io.timelog.internal.journal.RecoveredLog#replay} shows it to a {@link
 * io.timelog.internal.journal.LogVisitor}.
 *
 * <p>What a store has to do with it:
 *
 * <ul>
 *   <li>make room before each write, and write it down after it;
 *   <li>name {@link io.timelog.internal.journal.StoreLog#files()} in its manifests, after a {@link
 *       io.timelog.internal.journal.StoreLog#force()} and never rows that no commit covers;
 *   <li>say which rows are {@linkplain io.timelog.internal.journal.LiveSerials needed}, so that
 *       files of the log can go. It deletes them itself, when a durable manifest names them no
 *       more.
 * </ul>
 *
 * <p>The layout of the bytes is in {@code LogHeaderFormat}, {@code BatchFormat}, {@code ItemFormat}
 * and {@code FrameFormat}; {@code docs/commit-log-format.md} is the map. Files are written and read
 * through a {@link io.timelog.internal.storage.disk.Disk}. What is durable when, and what may be
 * missing after a crash, is decided in {@code NewLogFiles}, {@code OpenLogFile} and {@code
 * LogRecovery}.
 */
@NullMarked
package io.timelog.internal.journal;

import org.jspecify.annotations.NullMarked;
