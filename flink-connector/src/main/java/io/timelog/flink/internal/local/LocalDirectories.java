package io.timelog.flink.internal.local;

import io.timelog.MemoryBudget;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;

/**
 * Where the directories of backends are made.
 *
 * @param paths absolute paths, over which backends are spread; none for the working directory of
 *     the task manager
 */
public record LocalDirectories(List<String> paths) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern SEPARATOR = Pattern.compile("[," + File.pathSeparator + "]");

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if a path is not absolute
   */
  public LocalDirectories {
    paths = List.copyOf(paths);
    for (String path : paths) {
      if (!Path.of(path).isAbsolute()) {
        throw new IllegalArgumentException(
            "A directory for state must be given by its absolute path: path=" + path);
      }
    }
  }

  /** The working directory of the task manager. */
  public static LocalDirectories ofTaskManager() {
    return new LocalDirectories(List.of());
  }

  /**
   * Paths that are separated by commas, or as the system separates paths.
   *
   * @throws IllegalArgumentException if there is none, or one is not absolute
   */
  public static LocalDirectories parse(String separated) {
    List<String> paths =
        SEPARATOR
            .splitAsStream(separated)
            .map(String::strip)
            .filter(path -> !path.isEmpty())
            .toList();
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("There must be at least one directory for state");
    }
    return new LocalDirectories(paths);
  }

  /**
   * Makes a directory for a backend, in the first of the places, in any order, that allows it.
   * Removes there what dead processes have left.
   *
   * @param operator whose state it is
   * @param memory of the slot
   * @throws IOException if no place allows it; names all
   */
  public StateDirectory create(
      TaskManagerRuntimeInfo taskManager, String operator, MemoryBudget memory) throws IOException {
    List<Path> places = places(taskManager);
    IOException refused =
        new IOException(
            "No directory for state can be made: places="
                + places
                + ". Make one of them writable, or set state.backend.timelog.localdir to others.");
    for (Path place : places) {
      try {
        Path directory = Files.createDirectories(place.resolve(DirectoryName.next()));
        DeadDirectories.removeFrom(place);
        return new StateDirectory(directory, operator, memory);
      } catch (IOException e) {
        refused.addSuppressed(e);
      }
    }
    throw refused;
  }

  private List<Path> places(TaskManagerRuntimeInfo taskManager) {
    if (paths.isEmpty()) {
      return List.of(taskManager.getTmpWorkingDirectory().toPath().toAbsolutePath());
    }
    List<Path> places = new ArrayList<>();
    paths.forEach(path -> places.add(Path.of(path)));
    Collections.shuffle(places);
    return places;
  }
}
