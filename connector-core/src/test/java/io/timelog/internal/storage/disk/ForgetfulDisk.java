package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk that leaves out one thing that makes bytes or names durable, and says that it was done. A
 * protocol that needs it must fail in one of the {@link CrashStates} then; otherwise the states are
 * not worth much, or the thing need not be done.
 */
public final class ForgetfulDisk implements Disk {

  /** What is left out. */
  public enum Forgotten {
    /** The forces of files whose name ends with {@code .tmp}. */
    FORCE_OF_TEMPORARY_FILES(".tmp"),
    /** The forces of files whose name ends with {@code .seg}. */
    FORCE_OF_SEGMENT_FILES(".seg"),
    /** The sync of the directory that comes first after a renaming. */
    SYNC_AFTER_RENAME(null),
    /** The syncs of the directory that do not come first after a renaming. */
    SYNC_BEFORE_RENAME(null),
    /** The first sync of the directory. */
    FIRST_SYNC(null);

    private final @Nullable String suffix;

    Forgotten(@Nullable String suffix) {
      this.suffix = suffix;
    }

    private boolean isForceOf(String name) {
      return suffix != null && name.endsWith(suffix);
    }

    private boolean isSync(boolean first, boolean afterRename) {
      return switch (this) {
        case SYNC_AFTER_RENAME -> afterRename;
        case SYNC_BEFORE_RENAME -> !afterRename;
        case FIRST_SYNC -> first;
        case FORCE_OF_TEMPORARY_FILES, FORCE_OF_SEGMENT_FILES -> false;
      };
    }
  }

  private final Disk disk;
  private final Forgotten forgotten;
  private boolean synced;
  private boolean renamed;

  /** Leaves something out of what another disk is asked for. */
  public ForgetfulDisk(Disk disk, Forgotten forgotten) {
    this.disk = disk;
    this.forgotten = forgotten;
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public long length(String name) throws IOException {
    return disk.length(name);
  }

  @Override
  public AppendFile create(String name) throws IOException {
    AppendFile file = disk.create(name);
    return forgotten.isForceOf(name) ? new UnforcedFile(file) : file;
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return disk.open(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
    renamed = true;
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    if (!forgotten.isSync(!synced, renamed)) {
      disk.syncDirectory();
    }
    synced = true;
    renamed = false;
  }

  @Override
  public DirectoryLock lock(String holder) throws IOException {
    return disk.lock(holder);
  }

  private record UnforcedFile(AppendFile file) implements AppendFile {
    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long position() {
      return file.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      file.write(bytes);
    }

    @Override
    public void force() {
      // Said to be done.
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
