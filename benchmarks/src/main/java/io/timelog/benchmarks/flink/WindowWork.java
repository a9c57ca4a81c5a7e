package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import java.util.BitSet;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.internal.InternalReducingState;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * Tumbling windows: events of random keys are added to the window of their time, and when a window
 * is over, it is read and cleared for each key that has events in it.
 */
final class WindowWork implements StateWork {
  private static final int WINDOWS = 10;
  private static final long WINDOW_MILLIS = 60_000;
  private static final long START = 28_333_333 * WINDOW_MILLIS;

  /** Makes the state that windows have. */
  private interface Opener {
    WindowState open(Subtask subtask) throws Exception;
  }

  /** What the operator of windows does with it. */
  private interface WindowState {
    void setCurrentNamespace(TimeWindow window);

    void add(long value) throws Exception;

    long readAndClear() throws Exception;
  }

  private final int keys;
  private final int events;
  private final Opener opener;

  private WindowWork(int keys, int events, Opener opener) {
    this.keys = keys;
    this.events = events;
    this.opener = opener;
  }

  /** All elements are kept, as a process function of windows has it. */
  static WindowWork ofLists(int keys, int events) {
    return new WindowWork(
        keys,
        events,
        subtask -> {
          InternalListState<Long, TimeWindow, Long> state =
              subtask.state(
                  new TimeWindow.Serializer(),
                  new ListStateDescriptor<>("window-contents", LongSerializer.INSTANCE));
          return new WindowState() {
            @Override
            public void setCurrentNamespace(TimeWindow window) {
              state.setCurrentNamespace(window);
            }

            @Override
            public void add(long value) throws Exception {
              state.add(value);
            }

            @Override
            public long readAndClear() throws Exception {
              long sum = ListWork.sum(state.get());
              state.clear();
              return sum;
            }
          };
        });
  }

  /** A sum is kept. */
  static WindowWork ofSums(int keys, int events) {
    return new WindowWork(
        keys,
        events,
        subtask -> {
          InternalReducingState<Long, TimeWindow, Long> state =
              subtask.state(
                  new TimeWindow.Serializer(),
                  new ReducingStateDescriptor<>(
                      "window-contents", Long::sum, LongSerializer.INSTANCE));
          return new WindowState() {
            @Override
            public void setCurrentNamespace(TimeWindow window) {
              state.setCurrentNamespace(window);
            }

            @Override
            public void add(long value) throws Exception {
              state.add(value);
            }

            @Override
            public long readAndClear() throws Exception {
              long sum = state.get();
              state.clear();
              return sum;
            }
          };
        });
  }

  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    WindowState state = opener.open(subtask);
    int each = events / WINDOWS;
    for (int number = 0; number < WINDOWS; number++) {
      long start = START + number * WINDOW_MILLIS;
      TimeWindow window = new TimeWindow(start, start + WINDOW_MILLIS);
      int[] drawn = Draws.of(each + number, keys);
      cells.weigh(
          "add",
          Bar.TIME,
          1,
          each,
          i -> {
            subtask.at(Draws.key(drawn[i]));
            state.setCurrentNamespace(window);
            state.add(i);
            return 0;
          });
      int[] ended = distinct(drawn, each);
      cells.weigh(
          "get and clear",
          Bar.TIME,
          1,
          ended.length,
          i -> {
            subtask.at(Draws.key(ended[i]));
            state.setCurrentNamespace(window);
            return state.readAndClear();
          });
    }
  }

  private int[] distinct(int[] drawn, int count) {
    BitSet found = new BitSet(keys);
    for (int i = 0; i < count; i++) {
      found.set(drawn[i]);
    }
    return found.stream().toArray();
  }
}
