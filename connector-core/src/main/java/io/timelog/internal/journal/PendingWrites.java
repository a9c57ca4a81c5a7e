package io.timelog.internal.journal;

import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.memory.MemoryAccount;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was written to a store and is not in its log yet, in the order in which it is to be read
 * again. All of it is counted in the budget of the store. Belongs to the writer.
 */
public final class PendingWrites {

  /*
   * Rows of different windows do not depend on each other, so they are kept by window, and go with it when
   * it dies. A delete over all keys hides what was written before it and nothing that was written after:
   * it is put behind all sections, which are closed for that; rows that follow go into new ones. A floor
   * is no such delete. It hides whatever is below, whenever it is written, so only its last value counts.
   *
   * A section of a memtable window that was sealed comes before those of the one that took its place,
   * because it was opened earlier.
   */

  /** What an operation takes on the heap beside its bytes, roughly. */
  private static final long OPERATION_HEAP_BYTES = 128;

  /** Dead items are removed when there are as many of them as others. */
  private static final int MIN_ITEMS_TO_TIDY = 64;

  private final MemoryAccount memory;
  private final List<PendingItem> items = new ArrayList<>();
  private final Map<Integer, PendingOperation> floors = new HashMap<>();

  /** The first item that is behind the last delete over all keys. */
  private int firstOpen;

  private long bytes;
  private long heldBytes;
  private int tidyAt = MIN_ITEMS_TO_TIDY;
  private int operationsWithRoom;

  /** Without writes; memory is taken from an account when there are some. */
  public PendingWrites(MemoryAccount memory) {
    this.memory = memory;
  }

  /** Begins to write to a memtable window. */
  public PendingWindow window(LoggedWindow window) {
    return new PendingWindow(this, window);
  }

  /** What is to be written, in bytes. */
  public long bytes() {
    return bytes;
  }

  /** What that takes of the budget, in bytes: at least a small slab for each window. */
  public long heldBytes() {
    return heldBytes;
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return bytes == 0;
  }

  /**
   * Makes sure that one of the following operations can be written down. To be called before the
   * operation changes anything.
   *
   * @throws io.timelog.MemoryBudgetExceededException if the budget has no room; nothing changed
   */
  public void makeRoomForOperation() {
    makeRoomForOperations(1);
  }

  /** As {@link #makeRoomForOperation}, of the next ones. */
  public void makeRoomForOperations(int count) {
    long missing = OPERATION_HEAP_BYTES * Math.max(0, count - operationsWithRoom);
    if (missing > 0) {
      memory.reserveHeap(missing);
      heldBytes += missing;
      operationsWithRoom = count;
    }
  }

  /** A table was made. Its number is used for no other table of the store, ever. */
  public void createTable(int table, TableShape shape) {
    add(ItemFormat.createTable(table, shape));
  }

  /** A table was dropped. What is pending of its windows is to be discarded. */
  public void dropTable(int table) {
    floors.remove(table);
    add(ItemFormat.dropTable(table));
  }

  /** Nothing below a cutoff is visible any more, whenever it was or will be written. */
  public void floor(int table, long cutoff) {
    PendingOperation before = floors.get(table);
    PendingOperation floor = add(ItemFormat.floor(table, cutoff));
    floors.put(table, floor);
    if (before != null) {
      release(before);
    }
  }

  /**
   * Nothing in a range is visible any more that was written so far.
   *
   * @param last the last timestamp, included
   * @param version of the store, after the delete
   */
  public void deleteRange(int table, long first, long last, long version) {
    for (PendingItem item : items.subList(firstOpen, items.size())) {
      if (item instanceof PendingSection section) {
        section.close();
      }
    }
    add(ItemFormat.deleteRange(table, first, last, version));
    firstOpen = items.size();
  }

  private PendingOperation add(ByteBuffer item) {
    if (operationsWithRoom == 0) {
      throw new IllegalStateException("No room was made for an operation");
    }
    operationsWithRoom--;
    PendingOperation operation = new PendingOperation(memory, item, OPERATION_HEAP_BYTES);
    items.add(operation);
    bytes += operation.bytes();
    return operation;
  }

  PendingSection add(LoggedWindow window) {
    if (items.size() >= tidyAt) {
      removeDead();
    }
    PendingSection section = new PendingSection(memory, window);
    items.add(section);
    return section;
  }

  /** Counts memory that a section has taken. */
  void hold(long more) {
    heldBytes += more;
  }

  /** Counts what was written to a section. */
  void count(int more) {
    bytes += more;
  }

  /** Gives up one item. */
  void release(PendingItem item) {
    bytes -= item.bytes();
    heldBytes -= held(item);
    item.release();
  }

  private static long held(PendingItem item) {
    if (item instanceof PendingSection section) {
      return section.heldBytes();
    }
    return item.bytes() == 0 ? 0 : OPERATION_HEAP_BYTES;
  }

  /** The first items, as many as a batch should have at most, but one at least if there are any. */
  List<PendingItem> next(long maxBytes) {
    removeDead();
    long sum = 0;
    int count = 0;
    while (count < items.size() && (count == 0 || sum + items.get(count).bytes() <= maxBytes)) {
      sum += items.get(count++).bytes();
    }
    return items.subList(0, count);
  }

  /** Gives up the first items, which are in the log. */
  void releaseFirst(int count) {
    List<PendingItem> written = items.subList(0, count);
    for (PendingItem item : written) {
      release(item);
    }
    written.clear();
    firstOpen = Math.max(0, firstOpen - count);
    floors.values().removeIf(floor -> floor.bytes() == 0);
  }

  private void removeDead() {
    int kept = 0;
    int keptBeforeOpen = 0;
    for (int i = 0; i < items.size(); i++) {
      PendingItem item = items.get(i);
      if (held(item) > 0) {
        items.set(kept++, item);
        keptBeforeOpen += i < firstOpen ? 1 : 0;
      } else if (item instanceof PendingSection section) {
        // Memory may have been refused to it, so that its window would go on with it.
        section.close();
      }
    }
    items.subList(kept, items.size()).clear();
    firstOpen = keptBeforeOpen;
    tidyAt = Math.max(MIN_ITEMS_TO_TIDY, 2 * kept);
  }

  /** Gives up everything that is pending, as if it had been written. */
  public void discard() {
    releaseFirst(items.size());
    floors.clear();
  }

  /** Gives up everything. */
  public void close() {
    discard();
    long room = OPERATION_HEAP_BYTES * operationsWithRoom;
    memory.releaseHeap(room);
    heldBytes -= room;
    operationsWithRoom = 0;
  }
}
