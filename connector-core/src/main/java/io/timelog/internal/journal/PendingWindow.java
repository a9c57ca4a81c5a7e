package io.timelog.internal.journal;

import io.timelog.Span;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.RowFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was written to one memtable window and is not in the log yet. Belongs to the writer.
 *
 * <p>Each row is written in two steps: {@link #makeRoom} before the memtable takes it, which may
 * refuse; and one of the others after that, which does not fail.
 *
 * <p>A window that is sealed or flushed is simply not written to any more. What is pending of it is
 * owed: it goes into the next batch all the same, because no manifest names its segment before a
 * commit covers it. A window that leaves the view whole takes with it what is pending ({@link
 * #discard}).
 */
public final class PendingWindow {
  /** The longest key and payload together. */
  static final int MAX_ROW_BYTES = 1 << 30;

  private final PendingWrites writes;
  private final LoggedWindow window;

  /** Those that are not written yet; mostly one or none. */
  private final List<PendingSection> sections = new ArrayList<>(1);

  private @Nullable PendingSection current;

  /** Whether anything was pending that is not any more, though it was not discarded. */
  private boolean hasLeft;

  PendingWindow(PendingWrites writes, LoggedWindow window) {
    this.writes = writes;
    this.window = window;
  }

  /**
   * Makes sure that the next row can be written.
   *
   * @param payloadLength at least the length of its payload, see {@link RowFormat}
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   * @throws IllegalArgumentException if no log can have a row so long
   */
  public void makeRoom(int keyLength, int payloadLength) {
    makeRoom(1, keyLength, payloadLength);
  }

  /**
   * Makes sure that the next rows can be written, all of one key.
   *
   * @param payloadBytes at least the length of all their payloads together
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   * @throws IllegalArgumentException if no log can have so much at once
   */
  public void makeRoom(int rows, int keyLength, long payloadBytes) {
    if (rows * (long) keyLength + payloadBytes > MAX_ROW_BYTES) {
      throw new IllegalArgumentException(
          "A row is too long for the log, or too many at once: rows="
              + rows
              + ", keyLength="
              + keyLength
              + ", payloadLength="
              + payloadBytes
              + ", max="
              + MAX_ROW_BYTES);
    }
    PendingSection section = openSection();
    long before = section.heldBytes();
    section.makeRoom(Math.toIntExact(frameBytes(rows, keyLength, payloadBytes)));
    writes.hold(section.heldBytes() - before);
  }

  /**
   * At most the bytes that rows of one key take in the log.
   *
   * @param payloadBytes the length of all their payloads together
   */
  public static long frameBytes(int rows, int keyLength, long payloadBytes) {
    return rows * (long) (FrameFormat.MAX_OVERHEAD_BYTES + keyLength) + payloadBytes;
  }

  /** At most the bytes that are taken of the budget for the first rows of a window. */
  public static long firstBytes(long frameBytes) {
    return Math.max(
        MemoryAccount.firstSlabBytes(),
        PendingSection.GROWTH * (ItemFormat.SECTION_BYTES + frameBytes));
  }

  private PendingSection openSection() {
    PendingSection open = current;
    if (open == null || !open.isOpen()) {
      hasLeft |= sections.removeIf(section -> section.heldBytes() == 0);
      open = writes.add(window);
      sections.add(open);
      current = open;
    }
    return open;
  }

  /** Adds an entry to a multimap. */
  public void append(Span key, long timestamp, Span value) {
    PendingSection section = requireRoom();
    int at = section.begin(FrameKind.APPEND, key, timestamp, value.length());
    finish(section, FrameFormat.putBytes(section.slab(), at, value));
  }

  /** Writes an entry of a map. */
  public void put(Span key, long timestamp, Span subkey, Span value) {
    PendingSection section = requireRoom();
    int at = section.begin(FrameKind.PUT, key, timestamp, subkeyBytes(subkey) + value.length());
    at = putSubkey(section.slab(), at, subkey);
    finish(section, FrameFormat.putBytes(section.slab(), at, value));
  }

  /** Removes an entry of a map. */
  public void remove(Span key, long timestamp, Span subkey) {
    PendingSection section = requireRoom();
    int at =
        section.begin(FrameKind.REMOVE, key, timestamp, RowFormat.KIND_BYTES + subkeyBytes(subkey));
    section.slab().put(at, RowFormat.POINT);
    finish(section, putSubkey(section.slab(), at + RowFormat.KIND_BYTES, subkey));
  }

  /** Removes all entries of a key between two timestamps, both included. */
  public void removeRange(Span key, long first, long last) {
    PendingSection section = requireRoom();
    int at = section.begin(FrameKind.REMOVE_RANGE, key, first, RowFormat.RANGE_BYTES);
    RowFormat.putRange(section.slab(), at, last);
    finish(section, at + RowFormat.RANGE_BYTES);
  }

  private void finish(PendingSection section, int end) {
    int before = section.bytes();
    section.finish(end);
    writes.count(section.bytes() - before);
  }

  private PendingSection requireRoom() {
    PendingSection section = current;
    if (section == null) {
      throw new IllegalStateException("No room was made for a row: window=" + window);
    }
    return section;
  }

  private static int subkeyBytes(Span subkey) {
    return RowFormat.varintSize(subkey.length()) + subkey.length();
  }

  private static int putSubkey(ByteBuffer slab, int offset, Span subkey) {
    int at = RowFormat.putVarint(slab, offset, subkey.length());
    return FrameFormat.putBytes(slab, at, subkey);
  }

  /** Whether all that was ever written to the window is pending still. */
  public boolean isAllPending() {
    return !hasLeft && sections.stream().noneMatch(section -> section.heldBytes() == 0);
  }

  /** Which window of its store this is. */
  public long serial() {
    return window.serial();
  }

  /** Gives up what is pending: nobody sees these rows any more. */
  public void discard() {
    for (PendingSection section : sections) {
      writes.release(section);
    }
    sections.clear();
    current = null;
  }
}
