package io.timelog.model;

import io.timelog.Cursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what a cursor gives, step by step, with what the model had when the cursor was opened.
 * The steps may lie far apart.
 */
abstract sealed class ScanCheck {
  private final Map<Long, byte[]> keyOfNumber = new HashMap<>();

  /** For a scan whose model answer is {@code expected}, oldest first. */
  static ScanCheck of(TableSpec spec, Grid grid, Query.Scan scan, List<ModelEntry> expected) {
    boolean byKey = scan instanceof Query.InKeyOrder;
    if (byKey && grid instanceof Grid.Unknown) {
      return new UnknownWindows(spec, scan.direction(), expected);
    }
    List<ModelEntry> sequence = expected;
    boolean keys = scan instanceof Query.Keys;
    if (byKey || keys || scan instanceof Query.OfGroups || scan instanceof Query.OfKeys) {
      sequence = new ArrayList<>(expected);
      sequence.sort(byKey ? grid.order() : ModelEntry.KEY_ORDER);
    }
    List<ModelEntry> directed = directed(sequence, scan.direction());
    return new Sequence(keys ? firstOfEachKey(directed) : directed);
  }

  private static List<ModelEntry> firstOfEachKey(List<ModelEntry> byKey) {
    List<ModelEntry> first = new ArrayList<>();
    for (ModelEntry entry : byKey) {
      if (first.isEmpty() || !first.get(first.size() - 1).key().equals(entry.key())) {
        first.add(entry);
      }
    }
    return first;
  }

  private static List<ModelEntry> directed(List<ModelEntry> forward, Direction direction) {
    if (direction == Direction.FORWARD) {
      return forward;
    }
    List<ModelEntry> backward = new ArrayList<>(forward);
    Collections.reverse(backward);
    return backward;
  }

  /** The cursor stands on an entry. */
  abstract void next(Cursor cursor);

  /** The cursor has no more entries. */
  abstract void end();

  /** Reads up to {@code limit} entries; false when the cursor had no more and all is checked. */
  final boolean advance(Cursor cursor, int limit) {
    for (int i = 0; i < limit; i++) {
      if (!cursor.advance()) {
        end();
        return false;
      }
      next(cursor);
      checkNumber(cursor);
    }
    return true;
  }

  private void checkNumber(Cursor cursor) {
    byte[] key = cursor.key();
    byte[] before = keyOfNumber.putIfAbsent(cursor.keyNumber(), key);
    if (before != null && !Arrays.equals(before, key)) {
      throw new AssertionError(
          "Two keys have the number " + cursor.keyNumber() + "; the second: " + describe(cursor));
    }
  }

  /** Reads all that is left. */
  final void drain(Cursor cursor) {
    while (advance(cursor, Integer.MAX_VALUE)) {
      // goes on
    }
  }

  /** The order is known, so every entry is compared at once. */
  private static final class Sequence extends ScanCheck {
    private final List<ModelEntry> expected;
    private int position;

    Sequence(List<ModelEntry> expected) {
      this.expected = expected;
    }

    @Override
    void next(Cursor cursor) {
      if (position == expected.size()) {
        throw new AssertionError("One entry too many after " + position + ": " + describe(cursor));
      }
      ModelEntry entry = expected.get(position);
      if (!matches(cursor, entry, position)) {
        throw new AssertionError(
            "Entry "
                + position
                + " of "
                + expected.size()
                + " differs:\n  expected "
                + entry
                + "\n  but was  "
                + describe(cursor)
                + (position == 0 ? "" : "\n  after    " + expected.get(position - 1)));
      }
      position++;
    }

    @Override
    void end() {
      if (position < expected.size()) {
        throw new AssertionError(
            "The scan ended after "
                + position
                + " of "
                + expected.size()
                + " entries, before "
                + expected.get(position));
      }
    }
  }

  /**
   * The order is that of keys inside windows that only the store knows. Then the entries must fall
   * into runs in key order, each run all newer than the one before, and be the expected ones.
   */
  private static final class UnknownWindows extends ScanCheck {
    private static final Comparator<ModelEntry> BY_KEY =
        Comparator.comparingInt(ModelEntry::group)
            .thenComparing(ModelEntry::key)
            .thenComparingLong(ModelEntry::timestamp)
            .thenComparing(ModelEntry::subkey);
    private static final Comparator<ModelEntry> BY_TIME =
        Comparator.comparingLong(ModelEntry::timestamp).thenComparing(BY_KEY);

    private final TableSpec spec;
    private final Direction direction;
    private final List<ModelEntry> expected;
    private final List<ModelEntry> found = new ArrayList<>();

    UnknownWindows(TableSpec spec, Direction direction, List<ModelEntry> expected) {
      this.spec = spec;
      this.direction = direction;
      this.expected = expected;
    }

    @Override
    void next(Cursor cursor) {
      Bytes key = Bytes.of(cursor.key());
      found.add(
          ModelEntry.of(
              key,
              spec.groupOf(key),
              cursor.timestamp(),
              Bytes.of(cursor.subkey()),
              0,
              Bytes.of(cursor.value())));
    }

    @Override
    void end() {
      List<ModelEntry> forward = directed(found, direction);
      checkRuns(forward);
      // A stable sort, so equal timestamps of a key stay in the order in which the store gave them.
      List<ModelEntry> sorted = new ArrayList<>(forward);
      sorted.sort(BY_TIME);
      int common = Math.min(sorted.size(), expected.size());
      for (int i = 0; i < common; i++) {
        if (BY_TIME.compare(sorted.get(i), expected.get(i)) != 0
            || !sorted.get(i).value().equals(expected.get(i).value())) {
          throw new AssertionError(
              "Entry "
                  + i
                  + " by time of a scan by key differs:\n  expected "
                  + expected.get(i)
                  + "\n  but was  "
                  + sorted.get(i));
        }
      }
      if (sorted.size() != expected.size()) {
        throw new AssertionError(
            "A scan by key gave "
                + sorted.size()
                + " entries instead of "
                + expected.size()
                + "; the first to differ by time: "
                + (sorted.size() > common ? sorted.get(common) : expected.get(common)));
      }
    }

    private static void checkRuns(List<ModelEntry> forward) {
      long newestBefore = Long.MIN_VALUE;
      long newest = Long.MIN_VALUE;
      boolean first = true;
      for (int i = 0; i < forward.size(); i++) {
        ModelEntry entry = forward.get(i);
        if (i > 0 && BY_KEY.compare(forward.get(i - 1), entry) > 0) {
          newestBefore = newest;
          first = false;
        }
        if (!first && entry.timestamp() <= newestBefore) {
          throw new AssertionError(
              "Entry "
                  + i
                  + " of a scan by key is in no order of windows: "
                  + entry
                  + " comes in a window after one with timestamp "
                  + newestBefore);
        }
        newest = Math.max(newest, entry.timestamp());
      }
    }
  }

  /** Compares through one accessor or another of the cursor; {@code turn} chooses. */
  private static boolean matches(Cursor cursor, ModelEntry entry, int turn) {
    byte[] value = entry.value().array();
    if (cursor.timestamp() != entry.timestamp()
        || cursor.valueLength() != value.length
        || !Arrays.equals(cursor.key(), entry.key().array())
        || !Arrays.equals(cursor.subkey(), entry.subkey().array())
        || !matchesInPlace(cursor, entry)) {
      return false;
    }
    return switch (turn & 3) {
      case 0 -> Arrays.equals(cursor.value(), value);
      case 1 -> cursor.valueBuffer().mismatch(ByteBuffer.wrap(value)) < 0;
      case 2 -> {
        byte[] target = new byte[value.length + 3];
        cursor.copyValue(target, 3);
        yield Arrays.equals(target, 3, target.length, value, 0, value.length);
      }
      default ->
          value.length < Long.BYTES
              ? Arrays.equals(cursor.value(), value)
              : cursor.valueLong(value.length - Long.BYTES)
                      == ByteBuffer.wrap(value).getLong(value.length - Long.BYTES)
                  && cursor.valueLong(0) == ByteBuffer.wrap(value).getLong(0);
    };
  }

  /** The key and the subkey, read without a copy of their own. */
  private static boolean matchesInPlace(Cursor cursor, ModelEntry entry) {
    byte[] both = new byte[cursor.keyLength() + cursor.subkeyLength()];
    cursor.copyKey(both, 0);
    cursor.copySubkey(both, cursor.keyLength());
    ByteBuffer expected =
        ByteBuffer.allocate(both.length).put(cursor.keyBuffer()).put(cursor.subkeyBuffer()).flip();
    return cursor.keyGroup() == entry.group()
        && Arrays.equals(both, 0, cursor.keyLength(), cursor.key(), 0, cursor.keyLength())
        && expected.mismatch(ByteBuffer.wrap(both)) < 0
        && Arrays.equals(
            both, cursor.keyLength(), both.length, cursor.subkey(), 0, cursor.subkeyLength());
  }

  private static String describe(Cursor cursor) {
    return ModelEntry.of(
            Bytes.of(cursor.key()),
            0,
            cursor.timestamp(),
            Bytes.of(cursor.subkey()),
            0,
            Bytes.of(cursor.value()))
        .toString();
  }
}
