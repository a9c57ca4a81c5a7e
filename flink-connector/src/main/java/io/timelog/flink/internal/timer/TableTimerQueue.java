package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.flink.internal.table.RowWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.PriorityComparator;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSet;
import org.apache.flink.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * A timer queue in a table of the engine whose timestamps are those of the timers, so that the
 * index of time is the order of the queue. Nothing but the timers that come next is on the heap.
 *
 * <p>For the task's thread.
 */
final class TableTimerQueue<
        T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
    implements KeyGroupedInternalPriorityQueue<T> {
  /*
   * The table has a row for every timer in the queue. Those that the frontier has passed are also in the head, one of
   * Flink's own queues, so that to peek, to poll and to take in a timer that comes soon are as cheap as there. Timers
   * that come later than the frontier go to the table only, which is what most do.
   *
   * A timer that was polled keeps its row for a while. Polled timers are the oldest of all, so that one delete over all
   * keys does away with hundreds of them, and with the whole partition windows in which they lay; only those of the
   * very moment at which the queue stands are removed one by one. A timer that comes before the last one that was
   * polled could be the same once more, or lie where the delete will be, so there must be nothing to forget then.
   *
   *   time ----------------------------------------------------------------------------------->
   *     polled, with rows as yet   |        head           |   in the table alone
   *                                ^ first timer           ^ frontier
   */

  /** The head is read anew from the table when timers that come soon have made it so large. */
  private static final int MAX_HEAD = 4 * Frontier.BATCH_TIMERS;

  /** From so many rows on, a delete over all keys is cheaper than one for each of them. */
  private static final int MANY = 64;

  private static final int FIRST_CAPACITY = 128;

  private final KeyGroupRange keyGroups;
  private final int numberOfKeyGroups;
  private final HeapPriorityQueueSet<T> head;

  /** Timers that were polled and still have a row, in the order of time. */
  private final List<T> polled = new ArrayList<>();

  private Table table;
  private RowWriter writer;
  private TimerFormat<T> format;
  private Frontier frontier;
  private int maxHead = MAX_HEAD;

  /** The timers that a table has. */
  TableTimerQueue(
      String name,
      Table table,
      TimerFormat<T> format,
      KeyGroupRange keyGroups,
      int numberOfKeyGroups) {
    this.keyGroups = keyGroups;
    this.numberOfKeyGroups = numberOfKeyGroups;
    this.head =
        new HeapPriorityQueueSet<>(
            PriorityComparator.forPriorityComparableObjects(),
            KeyExtractorFunction.forKeyedObjects(),
            FIRST_CAPACITY,
            keyGroups,
            numberOfKeyGroups);
    this.table = table;
    this.writer = new RowWriter(name, table.writer());
    this.format = format;
    this.frontier = new Frontier(table, keyGroups.getEndKeyGroup());
  }

  /** The table. */
  Table table() {
    return table;
  }

  /** Goes on with timers that are laid out in another way, in a table that has all of them. */
  void moveTo(String name, Table other, TimerFormat<T> otherFormat) {
    head.clear();
    table = other;
    writer = new RowWriter(name, other.writer());
    format = otherFormat;
    frontier = new Frontier(other, keyGroups.getEndKeyGroup());
  }

  /** Takes in a timer as a snapshot has it. For a queue that no job has seen yet. */
  void restore(byte[] canonical) {
    format.place(canonical);
    format.put(writer);
  }

  @Override
  public boolean add(T timer) {
    fillHead();
    if (isBeforeLastPolled(timer)) {
      forgetPolled();
    }
    int keyGroup = place(timer);
    format.put(writer);
    if (!frontier.hasPassed(format.timestamp(), keyGroup)) {
      return false;
    }
    boolean first = head.add(timer);
    if (head.size() > maxHead) {
      readAnew();
    }
    return first;
  }

  private int place(T timer) {
    int keyGroup = KeyGroupRangeAssignment.assignToKeyGroup(timer.getKey(), numberOfKeyGroups);
    format.place(timer, keyGroup);
    return keyGroup;
  }

  private boolean isBeforeLastPolled(T timer) {
    return !polled.isEmpty() && timer.comparePriorityTo(polled.get(polled.size() - 1)) <= 0;
  }

  /** Lets go of the head, of which the next call reads the beginning from the table. */
  private void readAnew() {
    forgetPolled();
    place(head.peek());
    frontier.restart(format.timestamp());
    head.clear();
  }

  @Override
  public @Nullable T peek() {
    fillHead();
    return head.peek();
  }

  /** Sees to it that the head has the first timer, if there is any in the queue. */
  private void fillHead() {
    if (!head.isEmpty() || frontier.isAtEnd()) {
      return;
    }
    forgetPolled();
    do {
      frontier.read(row -> head.add(format.read(row)));
    } while (head.isEmpty() && !frontier.isAtEnd());
    maxHead = Math.max(MAX_HEAD, 2 * head.size());
  }

  @Override
  public @Nullable T poll() {
    if (peek() == null) {
      return null;
    }
    T first = head.poll();
    polled.add(first);
    if (polled.size() == Frontier.BATCH_TIMERS) {
      forgetPolled();
    }
    return first;
  }

  /**
   * Removes the rows of timers that were polled, after which the table has the timers of the queue
   * and no others. One delete over all keys, and O(timers at one moment that were polled).
   */
  void forgetPolled() {
    if (polled.isEmpty()) {
      return;
    }
    long deleted = Long.MIN_VALUE;
    if (polled.size() >= MANY) {
      deleted = firstMoment();
      table.deleteBefore(deleted);
    }
    int i = polled.size();
    do {
      place(polled.get(--i));
      format.remove(writer);
    } while (i > 0 && format.timestamp() >= deleted);
    polled.clear();
  }

  /** A moment before which there is no timer. */
  private long firstMoment() {
    T first = head.peek();
    if (first != null) {
      place(first);
      return format.timestamp();
    }
    if (!frontier.isAtEnd()) {
      return frontier.time();
    }
    place(polled.get(polled.size() - 1));
    return format.timestamp();
  }

  @Override
  public boolean remove(T timer) {
    fillHead();
    int keyGroup = place(timer);
    format.remove(writer);
    return frontier.hasPassed(format.timestamp(), keyGroup) && head.remove(timer);
  }

  @Override
  public boolean isEmpty() {
    return peek() == null;
  }

  /** {@inheritDoc} O(timers), for tests: Flink asks for it in no other place. */
  @Override
  public int size() {
    forgetPolled();
    int size = 0;
    try (Cursor rows = rows(keyGroups.getStartKeyGroup(), keyGroups.getEndKeyGroup())) {
      while (rows.advance()) {
        size++;
      }
    }
    return size;
  }

  private Cursor rows(int firstKeyGroup, int lastKeyGroup) {
    return table.scanKeyGroups(firstKeyGroup, lastKeyGroup, TimeRange.all());
  }

  @Override
  public void addAll(@Nullable Collection<? extends T> timers) {
    if (timers != null) {
      timers.forEach(this::add);
    }
  }

  @Override
  public Set<T> getSubsetForKeyGroup(int keyGroup) {
    forgetPolled();
    Set<T> timers = new HashSet<>();
    try (Cursor rows = rows(keyGroup, keyGroup)) {
      while (rows.advance()) {
        timers.add(format.read(rows));
      }
    }
    return timers;
  }

  /** {@inheritDoc} They are those of now, whatever becomes of the queue meanwhile. */
  @Override
  public CloseableIterator<T> iterator() {
    forgetPolled();
    return new RowIterator<>(
        rows(keyGroups.getStartKeyGroup(), keyGroups.getEndKeyGroup()), format);
  }

  @Override
  public String toString() {
    return "TableTimerQueue[" + table.name() + "]";
  }
}
