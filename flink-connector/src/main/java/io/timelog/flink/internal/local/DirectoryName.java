package io.timelog.flink.internal.local;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.UUID;

/** How directories of backends are called: by their process, and by what no other one has. */
final class DirectoryName {
  /** With which all names begin, and no others in the same place. */
  static final String PREFIX = "timelog-state-";

  /*
   * The number alone would not do: the process of a container mostly has the number that the one before
   * it had. It has to be the same for all copies of this class in a process, so it cannot be a random one.
   */
  private static final String OF_THIS_PROCESS =
      PREFIX
          + ProcessHandle.current().pid()
          + "-"
          + ManagementFactory.getRuntimeMXBean().getStartTime()
          + "-";

  private DirectoryName() {}

  /** A name that was never given before. */
  static String next() {
    return OF_THIS_PROCESS + UUID.randomUUID();
  }

  /** Whether the directory is of a backend of this process. */
  static boolean isOfThisProcess(Path directory) {
    return directory.getFileName().toString().startsWith(OF_THIS_PROCESS);
  }
}
