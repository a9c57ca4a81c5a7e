package io.timelog.model;

import io.timelog.Cursor;
import io.timelog.Snapshot;
import io.timelog.TableReader;
import io.timelog.TimeRange;
import java.util.BitSet;

/** Finds out which prefix of a {@link WriteHistory} a reader saw. */
final class PrefixCheck {
  private final WriteHistory history;
  private final BitSet seen;
  private final int prefix;

  private PrefixCheck(WriteHistory history, BitSet seen, int prefix) {
    this.history = history;
    this.seen = seen;
    this.prefix = prefix;
  }

  /**
   * Reads a snapshot in time order and fails unless it shows what some number of writes between
   * {@code atLeast} and {@code atMost} left behind.
   */
  static PrefixCheck of(WriteHistory history, Snapshot snapshot, int atLeast, int atMost) {
    TableReader latest = snapshot.table(WriteHistory.LATEST);
    int[] latestSeen = new int[history.keyCount()];
    int newest = -1;
    for (int key = 0; key < latestSeen.length; key++) {
      byte[] value = latest.get(history.key(key), 0);
      latestSeen[key] = value == null ? -1 : WriteHistory.number(value);
      newest = Math.max(newest, latestSeen[key]);
    }
    BitSet seen = new BitSet();
    try (Cursor cursor = snapshot.table(WriteHistory.EVENTS).scanAll(TimeRange.all())) {
      collect(cursor, seen);
    }
    newest = Math.max(newest, seen.length() - 1);
    // Deletes leave no entry of their own, so the writer may have been a few of them further.
    int last = Math.min(atMost, history.nextAddition(newest));
    for (int prefix = Math.max(atLeast, newest + 1); prefix <= last; prefix++) {
      if (seen.equals(events(history, prefix)) && isLatest(history, latestSeen, prefix)) {
        return new PrefixCheck(history, seen, prefix);
      }
    }
    throw new AssertionError(
        "No prefix of "
            + atLeast
            + " to "
            + atMost
            + " writes leaves what was read: newest="
            + newest
            + ", events="
            + seen.cardinality()
            + "; after "
            + last
            + " writes, missing "
            + difference(events(history, last), seen)
            + ", too many "
            + difference(seen, events(history, last)));
  }

  /** How many writes the snapshot shows. */
  int prefix() {
    return prefix;
  }

  /** The entries of one key are those of the snapshot, in order, and counted right. */
  void verifyKey(Snapshot snapshot, int key) {
    TableReader events = snapshot.table(WriteHistory.EVENTS);
    try (Cursor cursor = events.scan(history.key(key), TimeRange.all())) {
      verifyKey(history, cursor, key, prefix, prefix);
    }
    long expected = seen.stream().filter(number -> history.isEvent(number, prefix, key)).count();
    long count = events.count(history.key(key), TimeRange.all());
    if (count != expected) {
      throw new AssertionError("Counted " + count + " entries instead of " + expected);
    }
  }

  /** A scan by key gives the same entries. */
  void verifyByKey(Snapshot snapshot) {
    BitSet byKey = new BitSet();
    try (Cursor cursor = snapshot.table(WriteHistory.EVENTS).scanByKey(TimeRange.all())) {
      collect(cursor, byKey);
    }
    requireSame(byKey);
  }

  /** A cursor that was opened with the snapshot and advanced once gives the same entries. */
  void verifyRest(Cursor cursor) {
    BitSet found = new BitSet();
    if (!cursor.isClosed()) {
      found.set(WriteHistory.number(cursor.value()));
      collect(cursor, found);
    }
    requireSame(found);
  }

  private void requireSame(BitSet found) {
    if (!found.equals(seen)) {
      throw new AssertionError(
          "Two reads of one snapshot differ: missing "
              + difference(seen, found)
              + ", too many "
              + difference(found, seen));
    }
  }

  /**
   * The entries of a key after some number of writes between {@code atLeast} and {@code atMost}.
   */
  static void verifyKey(WriteHistory history, Cursor cursor, int key, int atLeast, int atMost) {
    BitSet found = new BitSet();
    collect(cursor, found);
    for (int prefix = atLeast; prefix <= atMost; prefix++) {
      if (found.equals(events(history, prefix, key))) {
        return;
      }
    }
    BitSet expected = events(history, atMost, key);
    throw new AssertionError(
        "No prefix of "
            + atLeast
            + " to "
            + atMost
            + " writes leaves what was read of key "
            + key
            + ": after "
            + atMost
            + " writes, missing "
            + difference(expected, found)
            + ", too many "
            + difference(found, expected));
  }

  private static void collect(Cursor cursor, BitSet seen) {
    while (cursor.advance()) {
      int number = WriteHistory.number(cursor.value());
      if (seen.get(number)) {
        throw new AssertionError("Entry " + number + " was given twice");
      }
      seen.set(number);
    }
  }

  private static BitSet events(WriteHistory history, int prefix) {
    BitSet events = new BitSet(prefix);
    for (int i = history.firstPossible(prefix); i < prefix; i++) {
      if (history.isEvent(i, prefix)) {
        events.set(i);
      }
    }
    return events;
  }

  private static BitSet events(WriteHistory history, int prefix, int key) {
    BitSet events = new BitSet(prefix);
    for (int i = history.firstPossible(prefix); i < prefix; i++) {
      if (history.isEvent(i, prefix, key)) {
        events.set(i);
      }
    }
    return events;
  }

  private static boolean isLatest(WriteHistory history, int[] latestSeen, int prefix) {
    for (int key = 0; key < latestSeen.length; key++) {
      if (history.latest(key, prefix) != latestSeen[key]) {
        return false;
      }
    }
    return true;
  }

  private static String difference(BitSet all, BitSet without) {
    BitSet difference = (BitSet) all.clone();
    difference.andNot(without);
    int count = difference.cardinality();
    return count + (count == 0 ? "" : " from " + difference.nextSetBit(0) + " on");
  }
}
