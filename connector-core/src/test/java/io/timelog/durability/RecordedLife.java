package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.CommitLog;
import io.timelog.StoresOnDisks;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.StoreManifestFormat;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.CrashStates.Cause;
import io.timelog.internal.storage.disk.CrashStates.Crash;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One life of a store: from when it is opened on a disk that records to when it is closed, or the
 * process dies. It notes what each commit was to make of the store, and so knows what a crash may
 * leave.
 */
final class RecordedLife {
  private final RecordingDisk recording;
  private final Disk disk;
  private final CommitLog log;
  private final String name;
  private final RecordedCommits commits;
  private int refusals;
  private int operationsBeforeRefusal;

  /**
   * A life that has not begun.
   *
   * @param disk does what the store asks for on the disk that records, or not all of it
   * @param before what may be found
   */
  RecordedLife(RecordingDisk recording, Disk disk, CommitLog log, List<Contents> before) {
    this.recording = recording;
    this.disk = disk;
    this.log = log;
    this.name = "commit " + recording.operations().size() + "-" + before.size() + ".";
    this.commits = new RecordedCommits(recording, before);
  }

  /** A life on a disk that does what it is asked for. */
  static RecordedLife on(RecordingDisk disk, CommitLog log, List<Contents> before) {
    return new RecordedLife(disk, disk, log, before);
  }

  /**
   * Opens the store, and takes some steps with some commits among them; what was written since the
   * last commit is lost in the end.
   *
   * @throws TimelogStorageException if the disk refuses to let the store be opened
   */
  void live(StoreScript script, int rounds, int stepsOfRound) {
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(log), Unwatched.observers())) {
      commits.found(Contents.of(store));
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
    String token = name + commits.count();
    Contents contents = Contents.of(store, token);
    commits.called(contents);
    try {
      store.commit(token.getBytes(UTF_8));
      commits.returned();
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
    return commits.lawful(marks);
  }

  /**
   * What may be found after a crash. Without a force of each commit, a loss of power leaves any
   * from that of the manifest on, which must be there.
   */
  List<Contents> lawful(Crash crash) {
    if (log != CommitLog.BUFFERED || crash.cause() == Cause.PROCESS_DEATH) {
      return lawful(crash.marks());
    }
    List<Contents> since = commits.called(crash.marks());
    String named = tokenOfManifest(crash);
    int first = 0;
    while (first < since.size() && !since.get(first).token().equals(named)) {
      first++;
    }
    return first < since.size() ? since.subList(first, since.size()) : since;
  }

  private static String tokenOfManifest(Crash crash) {
    String newest = "";
    for (String file : crash.files().keySet()) {
      if (file.startsWith("MANIFEST-") && !file.endsWith(".tmp") && file.compareTo(newest) > 0) {
        newest = file;
      }
    }
    byte[] bytes = crash.files().get(newest);
    if (bytes == null) {
      return Contents.NO_TOKEN;
    }
    try {
      CommitToken token = StoreManifestFormat.decode(bytes, newest).token();
      return token == null ? Contents.NO_TOKEN : new String(token.bytes(), UTF_8);
    } catch (TimelogCorruptionException e) {
      // Opening will say so.
      return Contents.NO_TOKEN;
    }
  }

  /** What is wrong with the store that is found after a crash; null if nothing is. */
  @Nullable String violation(Crash crash) {
    return violation(crash.disk(), log, lawful(crash));
  }

  /**
   * What is wrong after one of the crashes that come after the first operations; null if nothing
   * is.
   */
  @Nullable String firstViolation(CrashStates states, int firstOperations) {
    @Nullable String[] first = {null};
    states.forEach(
        recording,
        firstOperations,
        crash -> {
          if (first[0] == null) {
            first[0] = violation(crash);
          }
        });
    return first[0];
  }

  /** What is wrong with the store that is found on a disk; null if nothing is. */
  static @Nullable String violation(RecordingDisk disk, CommitLog log, List<Contents> lawful) {
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(log), Unwatched.observers())) {
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

  /** As {@link #violation}, without a look at what becomes of the store. */
  static @Nullable String violationAtOnce(
      RecordingDisk disk, CommitLog log, List<Contents> lawful) {
    try (TimelogStore store =
        StoresOnDisks.open(disk, StoreScript.settings(log), Unwatched.observers())) {
      Contents found = Contents.of(store);
      return lawful.contains(found) ? null : "found " + found + ", expected one of " + lawful;
    } catch (TimelogException e) {
      return e.toString();
    }
  }
}
