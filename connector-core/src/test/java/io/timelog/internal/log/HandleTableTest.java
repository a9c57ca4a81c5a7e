package io.timelog.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.TimelogInternalException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class HandleTableTest {
  private final HandleTable<String> table = new HandleTable<>();

  @Test
  void get_returnsTheVeryObject() {
    String object = new String("a");

    long handle = table.allocate(object);

    assertThat(table.get(handle)).isSameAs(object);
  }

  @Test
  void handles_areDistinctForEqualObjects() {
    assertThat(table.allocate("a")).isNotEqualTo(table.allocate("a"));
  }

  @Test
  void free_returnsTheObject() {
    assertThat(table.free(table.allocate("a"))).isEqualTo("a");
  }

  @Test
  void manyObjects_areFoundAgain() {
    long[] handles = new long[100_000];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = table.allocate("object " + i);
    }

    for (int i = 0; i < handles.length; i++) {
      assertThat(table.get(handles[i])).isEqualTo("object " + i);
    }
  }

  @Test
  void freedSlots_areUsedAgain() {
    Set<Integer> slots = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      long handle = table.allocate("a");
      slots.add((int) handle);
      table.free(handle);
    }

    assertThat(slots).hasSizeLessThan(3);
  }

  @Test
  void readAfterFree_isDetected() {
    long handle = table.allocate("a");
    table.free(handle);

    assertThatThrownBy(() -> table.get(handle))
        .isInstanceOf(TimelogInternalException.class)
        .hasMessage("A handle was read after it had been freed: slot=0, generation=0, current=1");
  }

  @Test
  void readAfterTheSlotWasTakenOver_isDetected() {
    long handle = table.allocate("a");
    table.free(handle);
    long successor = table.allocate("b");

    assertThat((int) successor).isEqualTo((int) handle);
    assertThatThrownBy(() -> table.get(handle)).isInstanceOf(TimelogInternalException.class);
    assertThat(table.get(successor)).isEqualTo("b");
  }

  @Test
  void secondFree_isDetected() {
    long handle = table.allocate("a");
    table.free(handle);
    table.allocate("b");

    assertThatThrownBy(() -> table.free(handle))
        .isInstanceOf(TimelogInternalException.class)
        .hasMessage("A handle was freed after it had been freed: slot=0, generation=0, current=1");
  }

  @Test
  void oneThreadAllocates_whileOthersReadAndFree() throws Exception {
    HandleTable<Long> numbers = new HandleTable<>();
    ConcurrentLinkedQueue<long[]> handed = new ConcurrentLinkedQueue<>();
    AtomicBoolean done = new AtomicBoolean();
    Runnable reader =
        () -> {
          while (true) {
            boolean last = done.get();
            for (long[] pair = handed.poll(); pair != null; pair = handed.poll()) {
              assertThat(numbers.get(pair[0])).isEqualTo(pair[1]);
              assertThat(numbers.free(pair[0])).isEqualTo(pair[1]);
            }
            if (last) {
              return;
            }
          }
        };
    CompletableFuture<Void> first = CompletableFuture.runAsync(reader);
    CompletableFuture<Void> second = CompletableFuture.runAsync(reader);

    for (long number = 0; number < 200_000; number++) {
      handed.add(new long[] {numbers.allocate(number), number});
    }
    done.set(true);

    first.get();
    second.get();
  }
}
