package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/**
 * Maps from texts to longs that grow side by side, in no order.
 *
 * @param size of each map
 * @param entries of all maps together
 */
record MapWork(int size, int entries) implements StateWork {
  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    MapState<String, Long> state =
        subtask.state(
            new MapStateDescriptor<>("map", StringSerializer.INSTANCE, LongSerializer.INSTANCE));
    int keys = Math.max(1, entries / size);
    Scattered all = new Scattered(keys);
    Scattered names = new Scattered(size);
    int times = Draws.times(keys * size);
    int[] drawn = Draws.of(times, keys);
    int[] drawnNames = Draws.of(times + 1, size);
    cells.weigh(
        "put, new",
        Bar.OTHER,
        1,
        keys * size,
        i -> {
          subtask.at(Draws.key(all.at(i % keys)));
          state.put(name(names.at(i / keys)), (long) i);
          return 0;
        });
    cells.weigh(
        "get",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          return state.get(name(drawnNames[i]));
        });
    cells.weigh(
        "put",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          state.put(name(drawnNames[i]), -(long) i);
          return 0;
        });
    cells.weigh(
        "entries, per entry",
        Bar.OTHER,
        size,
        keys,
        i -> {
          subtask.at(Draws.key(all.at(i)));
          long sum = 0;
          for (Map.Entry<String, Long> entry : state.entries()) {
            sum += entry.getKey().length() * entry.getValue();
          }
          return sum;
        });
    cells.weigh(
        "remove",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(all.at(i % keys)));
          state.remove(name(names.at(i / keys)));
          return 0;
        });
  }

  /** Ten characters, made anew as a record that is read has them. */
  private static String name(int number) {
    return "item" + (1_000_000 + number * 7);
  }
}
