package io.timelog.flink.internal.local;

import io.timelog.StoreLockedException;
import io.timelog.TimelogException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories of backends whose process is not there any more. A backend deletes its own when it is
 * closed, and Flink the working directory of a task manager that ends; but who is killed deletes
 * nothing.
 */
final class DeadDirectories {
  /*
   * A process that lives has the locks of its stores, and the system takes them away when it ends. Between
   * making a directory and having its lock there is a moment, in which nothing but the file of the lock is
   * there: such a directory is left alone, whosoever it is. Of this process none is looked at: two copies
   * of this class cannot see each other's locks without harm.
   */
  private static final Logger LOG = LoggerFactory.getLogger(DeadDirectories.class);

  private static final String LOCK = "LOCK";

  private DeadDirectories() {}

  /** Deletes those in a place. What cannot be deleted, or not be looked at, stays. */
  static void removeFrom(Path place) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(place, DirectoryName.PREFIX + "*")) {
      for (Path directory : found) {
        if (!DirectoryName.isOfThisProcess(directory) && isDead(directory)) {
          LOG.info("A directory of state is deleted, its process is gone: path={}", directory);
          FileUtils.deleteDirectoryQuietly(directory.toFile());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("Directories of dead processes cannot be looked for: place={}", place, e);
    }
  }

  private static boolean isDead(Path directory) {
    Path states = StateDirectory.states(directory);
    try (Stream<Path> files = Files.list(states)) {
      return files.anyMatch(file -> !file.endsWith(LOCK)) && !isOpen(states);
    } catch (IOException notToBeSeen) {
      return false;
    }
  }

  /** Whether a store has the directory; true also if that cannot be told. */
  private static boolean isOpen(Path states) {
    try {
      // Not for the token: nothing is ever committed. It is refused while a store is open.
      TimelogStore.committedToken(states);
      return false;
    } catch (StoreLockedException | TimelogStorageException openOrUnknown) {
      return true;
    } catch (TimelogException damaged) {
      return false;
    }
  }
}
