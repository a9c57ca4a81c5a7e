package io.timelog.benchmarks.flink.checkpoint;

import io.timelog.benchmarks.flink.Draws;
import io.timelog.benchmarks.flink.Subtask;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Lists of ten elements for each key in each of ten windows. A change is that of time: the oldest
 * window goes, and another one comes.
 */
final class WindowContents implements Contents {
  private static final int WINDOWS = 10;
  private static final int ELEMENTS = 10;
  private static final long WINDOW_MILLIS = 60_000;

  private final Subtask subtask;
  private final int keys;
  private final int elementBytes;
  private final InternalListState<Long, TimeWindow, byte[]> state;

  WindowContents(Subtask subtask, int entries, int elementBytes) throws Exception {
    this.subtask = subtask;
    this.keys = Math.max(1, entries / (WINDOWS * ELEMENTS));
    this.elementBytes = elementBytes;
    this.state =
        subtask.state(
            new TimeWindow.Serializer(),
            new ListStateDescriptor<>("window-contents", BytePrimitiveArraySerializer.INSTANCE));
  }

  @Override
  public void fill() throws Exception {
    for (int window = 0; window < WINDOWS; window++) {
      fill(window);
    }
  }

  @Override
  public void change(int step) throws Exception {
    fill(WINDOWS + step - 1);
    for (int key = 0; key < keys; key++) {
      goTo(Draws.key(key), step - 1);
      state.clear();
    }
  }

  /** Element by element of all keys, as events come. */
  private void fill(int window) throws Exception {
    for (int element = 0; element < ELEMENTS; element++) {
      for (int key = 0; key < keys; key++) {
        goTo(Draws.key(key), window);
        state.add(Payload.of(((long) window * ELEMENTS + element) * keys + key, elementBytes));
      }
    }
  }

  private void goTo(long key, int window) {
    subtask.at(key);
    state.setCurrentNamespace(new TimeWindow(window * WINDOW_MILLIS, (window + 1) * WINDOW_MILLIS));
  }

  @Override
  public long read(int steps) throws Exception {
    long sum = 0;
    for (int i = 0; i < keys; i++) {
      long key = Draws.key(i);
      if (subtask.has(key)) {
        for (int window = steps; window < WINDOWS + steps; window++) {
          goTo(key, window);
          for (byte[] element : state.get()) {
            sum += Payload.checksum(element);
          }
        }
      }
    }
    return sum;
  }
}
