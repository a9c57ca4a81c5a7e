package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.StoresOnDisks;
import io.timelog.TimelogException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One life of a store: from when it is opened on a disk that records to when it is closed, or the
 * process dies. It notes what each commit was to make of the store, and so knows what a crash may
 * leave.
 */
final class RecordedLife {
  /** A commit was called. */
  private record Called(int commit) {}

  /** A commit has returned. */
  private record Returned(int commit) {}

  private final RecordingDisk recording;
  private final Disk disk;
  private final List<Contents> before;
  private final List<Contents> commits = new ArrayList<>();
  private int refusals;
  private int operationsBeforeRefusal;

  /**
   * A life that has not begun.
   *
   * @param disk does what the store asks for on the disk that records, or not all of it
   * @param before what may be found
   */
  RecordedLife(RecordingDisk recording, Disk disk, List<Contents> before) {
    this.recording = recording;
    this.disk = disk;
    this.before = List.copyOf(before);
  }

  /** A life on a disk that does what it is asked for. */
  static RecordedLife on(RecordingDisk disk, List<Contents> before) {
    return new RecordedLife(disk, disk, before);
  }

  /**
   * Opens the store, and takes some steps with some commits among them; what was written since the
   * last commit is lost in the end.
   *
   * @throws TimelogStorageException if the disk refuses to let the store be opened
   */
  void live(StoreScript script, int rounds, int stepsOfRound) {
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(), Unwatched.observers())) {
      commits.add(Contents.of(store));
      recording.mark(new Returned(0));
      StoreScript.openTables(store);
      for (int round = 0; round < rounds; round++) {
        for (int step = 0; step < stepsOfRound; step++) {
          script.step(store);
        }
        commit(store);
      }
      script.step(store);
    }
  }

  private void commit(TimelogStore store) {
    int commit = commits.size();
    String token = "commit " + commit;
    Contents contents = Contents.of(store, token);
    commits.add(contents);
    recording.mark(new Called(commit));
    try {
      store.commit(token.getBytes(UTF_8));
      recording.mark(new Returned(commit));
    } catch (TimelogStorageException e) {
      refusals++;
      operationsBeforeRefusal = recording.operations().size();
    }
    if (!Contents.of(store, token).equals(contents)) {
      throw new AssertionError("A commit has changed the store: " + contents);
    }
  }

  /** How many commits the disk has refused. */
  int refusals() {
    return refusals;
  }

  /** How many operations there were when the last commit was refused; 0 if none was. */
  int operationsBeforeRefusal() {
    return operationsBeforeRefusal;
  }

  /** What may be found after a crash that came after these marks. */
  List<Contents> lawful(List<Object> marks) {
    List<Contents> lawful = new ArrayList<>(before);
    for (Object mark : marks) {
      if (mark instanceof Returned returned) {
        lawful.clear();
        lawful.add(commits.get(returned.commit));
      } else if (mark instanceof Called called) {
        lawful.add(commits.get(called.commit));
      }
    }
    return lawful;
  }

  /** What is wrong with the store that is found on a disk; null if nothing is. */
  static @Nullable String violation(RecordingDisk disk, List<Contents> lawful) {
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(), Unwatched.observers())) {
      Contents found = Contents.of(store);
      if (!lawful.contains(found)) {
        return "found " + found + ", expected one of " + lawful;
      }
      List<String> manifests =
          disk.list().stream().filter(name -> name.startsWith("MANIFEST-")).toList();
      if (manifests.size() != 1 || manifests.get(0).endsWith(".tmp")) {
        return "manifests " + manifests;
      }
      store.compact();
      Contents compacted = Contents.of(store);
      return compacted.equals(found) ? null : "compaction made of " + found + " " + compacted;
    } catch (TimelogException e) {
      return e.toString();
    }
  }
}
