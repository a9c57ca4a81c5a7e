package io.timelog.examples.flights.run;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run as one line that moves, if there is a terminal, or as a line now and then, if the
 * output goes to a file.
 */
final class ConsoleProgress implements Progress, AutoCloseable {
  private static final int LINE_LENGTH = 79;
  private static final int TERMINAL_INTERVAL_MILLIS = 200;
  private static final int FILE_INTERVAL_MILLIS = 5_000;

  private final PrintWriter out;
  private final long flights;
  private @Nullable ProgressBar bar;
  private @Nullable String lastLine;

  /**
   * A line for a run.
   *
   * @param flights how many there will be
   */
  ConsoleProgress(PrintWriter out, long flights) {
    this.out = out;
    this.flights = flights;
  }

  @Override
  public void phase(String what) {
    close();
    out.println(what + " ...");
    out.flush();
  }

  @Override
  public void advance(long now, long streamTimeMillis) {
    ProgressBar open = bar;
    if (open == null) {
      open = open();
      bar = open;
    }
    open.stepTo(now);
    if (now > 0) {
      open.setExtraMessage(" event time " + Times.shortTime(streamTimeMillis));
    }
  }

  private ProgressBar open() {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName("Flights")
            .setInitialMax(flights)
            .setStyle(ProgressBarStyle.ASCII)
            .showSpeed();
    // A consumer with a length of its own asks no terminal. The library's default one does, and
    // takes
    // Ctrl-C from the process with it.
    return hasTerminal()
        ? builder
            .setConsumer(new ConsoleProgressBarConsumer(System.err, LINE_LENGTH))
            .setUpdateIntervalMillis(TERMINAL_INTERVAL_MILLIS)
            .build()
        : builder
            .setConsumer(new DelegatingProgressBarConsumer(this::line, LINE_LENGTH))
            .setUpdateIntervalMillis(FILE_INTERVAL_MILLIS)
            .build();
  }

  // From JDK 22 on there is always a console, and a file then shows the moving line as it moved.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasTerminal() {
    return System.console() != null;
  }

  private void line(String line) {
    if (!line.equals(lastLine)) {
      lastLine = line;
      out.println(line);
      out.flush();
    }
  }

  /** Leaves the line as it is; the next one begins below. */
  @Override
  public void close() {
    ProgressBar open = bar;
    if (open != null) {
      open.close();
      bar = null;
    }
  }
}
