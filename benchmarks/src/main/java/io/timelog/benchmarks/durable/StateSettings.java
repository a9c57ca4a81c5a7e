package io.timelog.benchmarks.durable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a state is told at the start.
 *
 * @param directory of all of its files
 * @param stores how many stores it is cut into
 * @param retention ticks after which an entry may be forgotten
 */
public record StateSettings(Path directory, int stores, long retention) {
  private static final int WINDOWS_PER_RETENTION = 8;

  /** Ticks of a partition window, where the width of those can be chosen. */
  long windowTicks() {
    return Math.max(1, retention / WINDOWS_PER_RETENTION);
  }

  /** The directory of one store in some directory of the state, which is made. */
  static Path ofStore(Path directory, int store) {
    try {
      return Files.createDirectories(directory.resolve("store-" + store));
    } catch (IOException e) {
      throw new UncheckedIOException("A store gets no directory: store=" + store, e);
    }
  }
}
