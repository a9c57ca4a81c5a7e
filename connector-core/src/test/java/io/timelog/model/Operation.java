package io.timelog.model;

import io.timelog.TimeRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a random test. It holds all that it needs, so that a stream of operations with some
 * of them left out still means something; a step for a snapshot or cursor that was never opened
 * does nothing.
 */
sealed interface Operation {
  /** A step that changes a table. */
  sealed interface Write extends Operation {
    int table();
  }

  /** Adds to a multimap. */
  record Append(int table, Bytes key, long timestamp, Bytes value) implements Write {}

  /** Adds to or replaces in a map. */
  record Put(int table, Bytes key, long timestamp, Bytes subkey, Bytes value) implements Write {}

  /** Puts entries in the place of all that a key has at a timestamp. */
  record Replace(int table, Bytes key, long timestamp, List<Item> items) implements Write {}

  /** An entry that replaces others; in a multimap its subkey is empty. */
  record Item(Bytes subkey, Bytes value) {}

  /** Removes from a map. */
  record Remove(int table, Bytes key, long timestamp, Bytes subkey) implements Write {}

  /** Removes the entries of one key. */
  record RemoveRange(int table, Bytes key, TimeRange range) implements Write {}

  /** Removes the entries of all keys. */
  record DeleteRange(int table, TimeRange range) implements Write {}

  /** Moves the floor. */
  record DeleteBefore(int table, long cutoff) implements Write {}

  /** Drops a table with all it has, and makes one of the same name. */
  record DropTable(int table) implements Operation {}

  /** Reads, from a snapshot if {@code snapshot} names one, else from the latest state. */
  record Read(@Nullable Integer snapshot, Query query) implements Operation {}

  /** Reads everything in every way, and compares. */
  record ReadAll(@Nullable Integer snapshot, int table) implements Operation {}

  /** Opens a snapshot of all tables. */
  record OpenSnapshot(int snapshot) implements Operation {}

  /** Closes it. */
  record CloseSnapshot(int snapshot) implements Operation {}

  /** Opens a cursor that is read later. */
  record OpenCursor(int cursor, @Nullable Integer snapshot, Query.Scan query)
      implements Operation {}

  /** Reads the next entries of a cursor. */
  record Advance(int cursor, int entries) implements Operation {}

  /** Closes a cursor, exhausted or not. */
  record CloseCursor(int cursor) implements Operation {}

  /**
   * A moment at which each store may flush, compact, or start or stop its maintenance, as its
   * settings say.
   *
   * @param roll from 0 to 999; what it means is up to {@link Upkeep}
   */
  record Maintain(int roll) implements Operation {}
}
