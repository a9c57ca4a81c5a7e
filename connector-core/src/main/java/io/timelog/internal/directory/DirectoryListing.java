package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The files of a directory by name.
 *
 * @param files those that a store makes
 * @param unknown the names of the others
 */
public record DirectoryListing(List<StoreFile> files, List<String> unknown) {
  /** Copies the lists. */
  public DirectoryListing {
    files = List.copyOf(files);
    unknown = List.copyOf(unknown);
  }

  /**
   * The files that are there.
   *
   * @throws IOException if the disk refuses
   */
  public static DirectoryListing of(Disk disk) throws IOException {
    List<StoreFile> files = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String name : disk.list()) {
      StoreFile file = StoreFile.parse(name);
      if (file == null) {
        unknown.add(name);
      } else {
        files.add(file);
      }
    }
    return new DirectoryListing(files, unknown);
  }

  /** A file of segments or of a log; empty if there is none. */
  public Optional<StoreFile> anyContents() {
    return files.stream().filter(StoreFile::isContents).findFirst();
  }

  /** The numbers of all files of a kind. */
  public SortedSet<Long> numbers(Kind kind) {
    SortedSet<Long> numbers = new TreeSet<>();
    for (StoreFile file : files) {
      if (file.kind() == kind) {
        numbers.add(file.number());
      }
    }
    return numbers;
  }
}
