package io.timelog.examples.flights.run;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a run clean up when the process is told to end. */
public final class CtrlC {
  private static final long CLEAN_UP_SECONDS = 60;

  private CtrlC() {}

  /** A run that ends early when its signal is raised. */
  @FunctionalInterface
  public interface Run {
    /** Returns the exit code. */
    int until(StopSignal stop) throws Exception;
  }

  /** Runs, and returns the exit code of the run, or {@value ExitCode#STOPPED} after Ctrl-C. */
  public static int guard(PrintWriter out, Run run) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    StopSignal stop = new StopSignal();
    Thread onCtrlC = new Thread(() -> stopAndAwait(stop, ended), "ctrl-c");
    Runtime.getRuntime().addShutdownHook(onCtrlC);
    try {
      int exitCode = run.until(stop);
      Runtime.getRuntime().removeShutdownHook(onCtrlC);
      return exitCode;
    } catch (Exception | LinkageError e) {
      // At the end of a process even a broker's start fails in ways of its own.
      if (!stop.isRaised()) {
        throw e;
      }
      out.println("Stopped. Nothing is left behind.");
      out.flush();
      return ExitCode.STOPPED;
    } finally {
      ended.countDown();
    }
  }

  // The process ends when its shutdown hooks have, so the run gets its time to clean up.
  private static void stopAndAwait(StopSignal stop, CountDownLatch ended) {
    stop.raise();
    try {
      ended.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
