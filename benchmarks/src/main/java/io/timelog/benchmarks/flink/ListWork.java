package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/**
 * Lists of longs that grow side by side, an element at a time.
 *
 * @param length of each list
 * @param elements of all lists together
 */
record ListWork(int length, int elements) implements StateWork {
  private static final int MOST_REPLACED = 500_000;

  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    ListState<Long> state =
        subtask.state(new ListStateDescriptor<>("list", LongSerializer.INSTANCE));
    int keys = Math.max(1, elements / length);
    Scattered all = new Scattered(keys);
    cells.weigh(
        "add",
        Bar.TIME,
        1,
        keys * length,
        i -> {
          subtask.at(Draws.key(all.at(i % keys)));
          state.add((long) i);
          return 0;
        });
    cells.weigh(
        "get, per element",
        Bar.TIME,
        length,
        keys,
        i -> {
          subtask.at(Draws.key(all.at(i)));
          return sum(state.get());
        });
    List<Long> other = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      other.add((long) i);
    }
    cells.weigh(
        "update, per element",
        Bar.OTHER,
        length,
        Math.min(keys, Math.max(1, MOST_REPLACED / length)),
        i -> {
          subtask.at(Draws.key(all.at(i)));
          // Of its own, as the heap keeps what it is given.
          state.update(new ArrayList<>(other));
          return 0;
        });
    cells.weigh(
        "clear",
        Bar.OTHER,
        1,
        keys,
        i -> {
          subtask.at(Draws.key(all.at(i)));
          state.clear();
          return 0;
        });
  }

  /** The sum of some elements. */
  static long sum(Iterable<Long> elements) {
    long sum = 0;
    for (long element : elements) {
      sum += element;
    }
    return sum;
  }
}
