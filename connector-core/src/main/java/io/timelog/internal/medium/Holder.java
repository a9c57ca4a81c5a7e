package io.timelog.internal.medium;

import java.time.Instant;

/** What somebody is told who finds a directory in use. */
final class Holder {
  private static final int FORMAT = 1;

  private Holder() {}

  /** A line about this process and a store of this name. */
  static String of(String store) {
    ProcessHandle process = ProcessHandle.current();
    StringBuilder line = new StringBuilder("timelog ").append(FORMAT);
    line.append(", pid=").append(process.pid());
    String host = System.getenv("HOSTNAME");
    if (host != null) {
      line.append(", host=").append(host);
    }
    process
        .info()
        .startInstant()
        .ifPresent((Instant start) -> line.append(", started=").append(start));
    return line.append(", store=").append(store).toString();
  }
}
