package io.timelog.benchmarks.workload;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** A directory for the files of one engine, which removes them when it is closed. */
public final class TemporaryDirectory {
  private static final int ATTEMPTS = 100;
  private static final long PAUSE_NANOS = 50_000_000;

  private TemporaryDirectory() {}

  /** Gives {@code use} a new empty directory and deletes it afterwards, if it is empty again. */
  public static <R> R with(Function<Path, R> use) {
    try {
      Path directory = Files.createTempDirectory("timelog-benchmark");
      try {
        return use.apply(directory);
      } finally {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new IllegalStateException("No temporary directory for the engine", e);
    }
  }

  /** What is done with a directory. */
  @FunctionalInterface
  public interface Use<R> {
    /** Does it; may leave files behind, and may fail. */
    R in(Path directory) throws Exception;
  }

  /**
   * As {@link #with}, for something that leaves files behind, which are deleted.
   *
   * @param subject what uses it, for the message of an exception, as {@code name=value}
   * @throws IllegalStateException if that fails
   */
  public static <R> R emptied(String subject, Use<R> use) {
    try {
      Path directory = Files.createTempDirectory("timelog-benchmark");
      try {
        return use.in(directory);
      } finally {
        delete(directory.toFile());
      }
    } catch (Exception e) {
      throw new IllegalStateException("What was to be weighed failed: " + subject, e);
    }
  }

  /** Repeatedly: a cluster of Flink ends in the background, and deletes files of its own there. */
  private static void delete(File directory) {
    for (int i = 0; i < ATTEMPTS && directory.exists(); i++) {
      deleteAll(directory);
      if (directory.exists()) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    if (directory.exists()) {
      throw new IllegalStateException(
          "Files were left behind that cannot be deleted: directory=" + directory);
    }
  }

  private static void deleteAll(File file) {
    File[] children = file.listFiles();
    if (children != null) {
      for (File child : children) {
        deleteAll(child);
      }
    }
    // Whether that succeeds is seen by whether the directory is there.
    boolean ignored = file.delete();
  }
}
