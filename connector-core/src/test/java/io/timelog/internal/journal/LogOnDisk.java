package io.timelog.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.List;

/** A log without a store. Its manifest is what a test remembers of it. */
final class LogOnDisk implements AutoCloseable {
  static final long BUDGET = 8 << 20;

  final Disk disk;
  final BufferPool pool = new BufferPool(BUDGET);
  final MemoryAccount memory = new MemoryAccount(pool);
  final PendingWrites pending = new PendingWrites(memory);
  final StoreLog log;

  LogOnDisk(Disk disk, SyncPolicy policy, long fileBytes) throws IOException {
    this(disk, policy, fileBytes, 1);
  }

  LogOnDisk(Disk disk, SyncPolicy policy, long fileBytes, long firstNumber) throws IOException {
    this.disk = disk;
    LogSettings settings =
        new LogSettings(
            disk,
            numberedFrom(firstNumber),
            LoggedStore.ID,
            policy,
            fileBytes,
            LogSettings.earlyBytes(BUDGET));
    log = StoreLog.begin(settings, pending, memory);
  }

  static LogFiles numberedFrom(long first) {
    return new LogFiles() {
      private long next = first;

      @Override
      public long nextNumber() {
        return next++;
      }

      @Override
      public String name(long number) {
        return LoggedStore.logName(number);
      }
    };
  }

  static LoggedWindow window(long serial) {
    return new LoggedWindow(1, serial, 1, 0, 99);
  }

  /** Writes a row to a window of its own, and commits it. */
  void commitRow(long commit, String value) throws IOException {
    Row.append("k", commit, value).writeTo(pending.window(window(commit)));
    log.commit(commit, token(commit));
  }

  static CommitToken token(long commit) {
    return CommitToken.of(("t" + commit).getBytes(UTF_8));
  }

  LogManifest manifest(long commit) {
    List<LogEntry> files = log.files();
    return new LogManifest(files, log.firstBatch(files.get(0)), commit);
  }

  /** What a log has on a disk. */
  static List<String> seen(Disk disk, LogManifest manifest) throws IOException {
    SeenLog seen = new SeenLog();
    recover(disk, manifest).replay(seen);
    return seen.lines;
  }

  static RecoveredLog recover(Disk disk, LogManifest manifest) throws IOException {
    List<Long> present =
        disk.list().stream()
            .filter(name -> name.endsWith(".log"))
            .map(name -> Long.parseLong(name.substring(0, 16), 16))
            .toList();
    return LogRecovery.recover(disk, numberedFrom(1_000), LoggedStore.ID, manifest, present);
  }

  @Override
  public void close() {
    log.close();
    memory.close();
  }
}
