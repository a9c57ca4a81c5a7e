package io.timelog.durability;

import io.timelog.internal.storage.disk.RecordingDisk;
import java.util.ArrayList;
import java.util.List;

/**
 * What each commit of a life was to make of a store. Commits are marked on the disk when they are
 * called and when they have returned, and so tell what a crash between two operations may leave.
 */
final class RecordedCommits {
  /** A commit was called. */
  private record Called(int commit) {}

  /** A commit has returned. */
  private record Returned(int commit) {}

  private final RecordingDisk disk;
  private final List<Contents> before;
  private final List<Contents> contents = new ArrayList<>();

  /**
   * Without commits.
   *
   * @param before what may be found until the store is open, or a commit is called
   */
  RecordedCommits(RecordingDisk disk, List<Contents> before) {
    this.disk = disk;
    this.before = List.copyOf(before);
  }

  /** Whether this marks the call of a commit. */
  static boolean isCall(Object mark) {
    return mark instanceof Called;
  }

  /** The store is open, and has this. */
  void found(Contents content) {
    contents.add(content);
    returned();
  }

  /** A commit of this is called. */
  void called(Contents content) {
    contents.add(content);
    disk.mark(new Called(contents.size() - 1));
  }

  /** The commit has returned that was called last. */
  void returned() {
    disk.mark(new Returned(contents.size() - 1));
  }

  /** How many there were, what was found included. */
  int count() {
    return contents.size();
  }

  /** What may be found after a crash that came after these marks. */
  List<Contents> lawful(List<Object> marks) {
    List<Contents> lawful = new ArrayList<>(before);
    for (Object mark : marks) {
      if (mark instanceof Returned returned) {
        lawful.clear();
        lawful.add(contents.get(returned.commit));
      } else if (mark instanceof Called called) {
        lawful.add(contents.get(called.commit));
      }
    }
    return lawful;
  }

  /** What was found, and all commits that were called since, of those before these marks. */
  List<Contents> called(List<Object> marks) {
    List<Contents> all = new ArrayList<>(before);
    for (Object mark : marks) {
      if (mark instanceof Returned returned && returned.commit == 0) {
        all.clear();
        all.add(contents.get(0));
      } else if (mark instanceof Called called) {
        all.add(contents.get(called.commit));
      }
    }
    return all;
  }
}
