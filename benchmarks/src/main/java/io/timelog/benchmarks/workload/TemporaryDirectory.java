package io.timelog.benchmarks.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** A directory for the files of one engine, which removes them when it is closed. */
public final class TemporaryDirectory {
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
}
