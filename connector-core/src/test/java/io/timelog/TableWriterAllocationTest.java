package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.timelog.Editor.Outcome;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Calls of a {@link TableWriter} make no objects. What the memtable takes as it grows is not meant.
 */
final class TableWriterAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final TimeRange ALL = TimeRange.all();
  private static final int KEYS = 1_000;
  private static final int CALLS = 40_000;

  /** An object in each call would be sixteen. */
  private static final double MAX_BYTES_PER_CALL = 2;

  private final TimelogStore store = TimelogStore.builder().build();
  private final TableWriter map =
      store.createTable(TableOptions.map("map").unbounded().build()).writer();
  private final TableWriter multimap =
      store.createTable(TableOptions.multimap("multimap").unbounded().build()).writer();
  private final byte[] bytes = new byte[64];
  private final Span key = new Span();
  private final Span subkey = Span.of(bytes, 20, 7);
  private final Span otherSubkey = Span.of(bytes, 30, 9);
  private final Span value = Span.of(bytes, 40, 16);
  private final ByteTarget target = new ByteTarget();
  private final EntryBatch batch = new EntryBatch();
  private int appended;

  TableWriterAllocationTest() {
    for (int i = 0; i < KEYS; i++) {
      map.put(key(i), 5, subkey, value);
      map.put(key(i), 5, otherSubkey, value);
      map.put(key(i), 6, subkey, value);
      multimap.append(key(i), 1, value);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** The key with this number, in an array that is always the same. */
  private Span key(int number) {
    int rest = number % KEYS;
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[3 + i] = (byte) (rest >>> (Byte.SIZE * i));
    }
    return key.set(bytes, 2, 10);
  }

  private void assertNothingIsAllocated(IntConsumer call) {
    for (int i = 0; i < CALLS; i++) {
      call.accept(i);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.accept(i);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat((double) allocated / CALLS).isLessThan(MAX_BYTES_PER_CALL);
  }

  @Test
  void get() {
    assertNothingIsAllocated(i -> map.get(key(i), 5, subkey, target));
  }

  @Test
  void contains() {
    assertNothingIsAllocated(i -> map.contains(key(i), i % 8, otherSubkey));
  }

  @Test
  void put() {
    assertNothingIsAllocated(i -> map.put(key(i), 5, subkey, value));
  }

  @Test
  void putIfAbsent() {
    assertNothingIsAllocated(i -> map.putIfAbsent(key(i), 5, subkey, value));
  }

  @Test
  void putOfNewEntries_andTheirRemoval() {
    assertNothingIsAllocated(
        i -> {
          map.put(key(i), 7, subkey, value);
          map.remove(key(i), 7, subkey);
        });
  }

  @Test
  void removeAndGet() {
    assertNothingIsAllocated(
        i -> {
          map.removeAndGet(key(i), 5, otherSubkey, target);
          map.put(key(i), 5, otherSubkey, value);
        });
  }

  @Test
  void update() {
    Editor counter =
        (present, edited) -> {
          if (present != null) {
            edited.append(present);
          }
          edited.bytes()[0]++;
          return Outcome.PUT;
        };
    assertNothingIsAllocated(i -> map.update(key(i), 5, subkey, counter));
  }

  @Test
  void append_andRemoveBefore() {
    assertNothingIsAllocated(
        i -> {
          long round = appended++ / KEYS;
          multimap.append(key(i), 10 + round, value);
          multimap.removeBefore(key(i), round);
        });
  }

  @Test
  void removeRange() {
    TimeRange range = TimeRange.at(6);
    assertNothingIsAllocated(
        i -> {
          map.removeRange(key(i), range);
          map.put(key(i), 6, subkey, value);
        });
  }

  @Test
  void readBatch() {
    BatchPosition position = new BatchPosition();
    assertNothingIsAllocated(i -> map.readBatch(key(i), position.begin(ALL), batch));
  }

  @Test
  void readBatch_acrossPartitionWindows() {
    TableWriter windows = store.createTable(TableOptions.multimap("windows").build()).writer();
    for (int i = 0; i < 20 * KEYS; i++) {
      windows.append(key(i), i * 100L, value);
    }
    BatchPosition position = new BatchPosition();
    assertNothingIsAllocated(i -> windows.readBatch(key(i), position.begin(ALL), batch));
  }

  @Test
  void count() {
    assertNothingIsAllocated(i -> multimap.count(key(i), 1));
  }

  @Test
  void replaceAll() {
    batch.add(1, value).add(1, subkey).add(1, value);
    assertNothingIsAllocated(i -> multimap.replaceAll(key(i), 1, batch));
  }

  @Test
  void replaceAll_inAMap() {
    batch.add(5, subkey, value).add(5, otherSubkey, value);
    assertNothingIsAllocated(i -> map.replaceAll(key(i), 5, batch));
  }
}
