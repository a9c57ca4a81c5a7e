package io.timelog.internal.storage.disk;

import java.io.IOException;

/**
 * A disk that leaves out one thing that makes bytes or names durable, and says that it was done. A
 * protocol that needs it must fail in one of the {@link CrashStates} then; otherwise the states are
 * not worth much, or the thing need not be done.
 */
public final class ForgetfulDisk extends ForwardingDisk {
  private static final String LOG = ".log";

  /** What is left out. */
  public enum Forgotten {
    /** The forces of files whose name ends with {@code .tmp}. */
    FORCE_OF_TEMPORARY_FILES,
    /** The forces of files whose name ends with {@code .seg}. */
    FORCE_OF_SEGMENT_FILES,
    /** The first force of each file whose name ends with {@code .log}. */
    FIRST_FORCE_OF_LOGS,
    /** All forces but the first of files whose name ends with {@code .log}. */
    LATER_FORCES_OF_LOGS,
    /** The sync of the directory that comes first after a renaming. */
    SYNC_AFTER_RENAME,
    /** The syncs of the directory that do not come first after a renaming. */
    SYNC_BEFORE_RENAME,
    /**
     * The sync of the directory that comes first after a file ending with {@code .log} was made.
     */
    SYNC_AFTER_CREATION_OF_LOGS,
    /** The first sync of the directory. */
    FIRST_SYNC
  }

  private final Forgotten forgotten;
  private boolean synced;
  private boolean renamed;
  private boolean madeLog;

  /** Leaves something out of what another disk is asked for. */
  public ForgetfulDisk(Disk disk, Forgotten forgotten) {
    super(disk);
    this.forgotten = forgotten;
  }

  @Override
  public AppendFile create(String name) throws IOException {
    AppendFile file = super.create(name);
    madeLog |= name.endsWith(LOG);
    return switch (forgotten) {
      case FORCE_OF_TEMPORARY_FILES -> forgetful(file, ".tmp", 0, Integer.MAX_VALUE);
      case FORCE_OF_SEGMENT_FILES -> forgetful(file, ".seg", 0, Integer.MAX_VALUE);
      case FIRST_FORCE_OF_LOGS -> forgetful(file, LOG, 0, 1);
      case LATER_FORCES_OF_LOGS -> forgetful(file, LOG, 1, Integer.MAX_VALUE);
      case SYNC_AFTER_RENAME, SYNC_BEFORE_RENAME, SYNC_AFTER_CREATION_OF_LOGS, FIRST_SYNC -> file;
    };
  }

  private static AppendFile forgetful(
      AppendFile file, String suffix, int firstForgotten, int firstDone) {
    return file.name().endsWith(suffix) ? new ForgetfulFile(file, firstForgotten, firstDone) : file;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    super.rename(from, to);
    renamed = true;
  }

  @Override
  public void syncDirectory() throws IOException {
    if (!isForgottenSync()) {
      super.syncDirectory();
    }
    synced = true;
    renamed = false;
    madeLog = false;
  }

  private boolean isForgottenSync() {
    return switch (forgotten) {
      case SYNC_AFTER_RENAME -> renamed;
      case SYNC_BEFORE_RENAME -> !renamed;
      case SYNC_AFTER_CREATION_OF_LOGS -> madeLog;
      case FIRST_SYNC -> !synced;
      case FORCE_OF_TEMPORARY_FILES,
          FORCE_OF_SEGMENT_FILES,
          FIRST_FORCE_OF_LOGS,
          LATER_FORCES_OF_LOGS ->
          false;
    };
  }

  /** A file of which some forces, told by their number, are only said to be done. */
  private static final class ForgetfulFile extends ForwardingAppendFile {
    private final int firstForgotten;
    private final int firstDone;
    private int forces;

    ForgetfulFile(AppendFile file, int firstForgotten, int firstDone) {
      super(file);
      this.firstForgotten = firstForgotten;
      this.firstDone = firstDone;
    }

    @Override
    public void force() throws IOException {
      int number = forces++;
      if (number < firstForgotten || number >= firstDone) {
        super.force();
      }
    }
  }
}
