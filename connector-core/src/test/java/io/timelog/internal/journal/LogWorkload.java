package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Operations on a {@link LoggedStore} by chance, and what it must have after each commit. */
final class LogWorkload {

  /** What is done beside writing rows and committing. */
  enum Step {
    FLUSH,
    SWAP,
    EARLY,
    DELETE_BEFORE,
    DELETE_RANGE
  }

  /** A commit was begun. */
  record Called(long commit) {}

  /** A commit returned. */
  record Acknowledged(long commit) {}

  /** A manifest of a commit is durable. */
  record Named(long commit) {}

  private final SplittableRandom random;
  private final Set<Step> steps;
  private final List<String> contents = new ArrayList<>();
  private long now = 20;

  LogWorkload(long seed, Set<Step> steps) {
    this.random = new SplittableRandom(seed);
    this.steps = EnumSet.copyOf(steps);
  }

  static Set<Step> all() {
    return EnumSet.allOf(Step.class);
  }

  /** What is visible after each commit, by its number. */
  List<String> contents() {
    return contents;
  }

  /** Does some operations; notes on the disk what was begun and what returned. */
  void run(LoggedStore store, RecordingDisk disk, int operations) throws IOException {
    if (contents.isEmpty()) {
      contents.add(store.content());
      disk.mark(new Named(0));
    }
    for (int i = 0; i < operations; i++) {
      step(store, disk);
    }
  }

  private void step(LoggedStore store, RecordingDisk disk) throws IOException {
    int choice = random.nextInt(14);
    switch (choice) {
      case 0 -> {
        if (steps.contains(Step.FLUSH)) {
          store.flush();
        }
      }
      case 1 -> {
        if (steps.contains(Step.SWAP) && store.swap()) {
          disk.mark(new Named(store.lastCommit()));
        }
      }
      case 2 -> {
        if (steps.contains(Step.EARLY)) {
          store.writeEarly();
        }
      }
      case 3 -> {
        if (steps.contains(Step.DELETE_BEFORE) && random.nextInt(2) == 0) {
          store.deleteBefore(now - 5 - random.nextInt(20));
        }
      }
      case 4 -> {
        if (steps.contains(Step.DELETE_RANGE)) {
          long first = now - random.nextInt(25);
          store.deleteRange(first, first + random.nextInt(20));
        }
      }
      case 5, 6, 7 -> commit(store, disk);
      default -> writeRow(store);
    }
  }

  void commit(LoggedStore store, RecordingDisk disk) throws IOException {
    long number = contents.size();
    disk.mark(new Called(number));
    store.commit(number);
    contents.add(store.content());
    disk.mark(new Acknowledged(number));
  }

  void writeRow(LoggedStore store) {
    now += random.nextInt(3);
    long timestamp = now - random.nextInt(20);
    String key = String.valueOf((char) ('a' + random.nextInt(3)));
    String value = Integer.toString(random.nextInt(100));
    switch (random.nextInt(6)) {
      case 0, 1 -> store.write(LoggedStore.MULTIMAP, Row.append(key, timestamp, value));
      case 2 -> {
        // Within one window, as the engine cuts it.
        long last = Math.floorDiv(timestamp, LoggedStore.WINDOW) * LoggedStore.WINDOW + 9;
        int table = random.nextBoolean() ? LoggedStore.MULTIMAP : LoggedStore.MAP;
        store.write(table, Row.removeRange(key, timestamp, last));
      }
      case 3 -> store.write(LoggedStore.MAP, Row.remove(key, timestamp, "s"));
      default -> store.write(LoggedStore.MAP, Row.put(key, timestamp, "s", value));
    }
  }
}
