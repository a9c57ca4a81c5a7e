package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/**
 * Maps from times to longs: every ten milliseconds one of the keys, one after the other, gets an
 * entry, until all maps have the wanted size.
 *
 * @param size of each map
 * @param entries of all maps together
 */
record LongMapWork(int size, int entries) implements StateWork {
  private static final long START = 1_700_000_000_000L;
  private static final long STEP = 10;

  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    MapState<Long, Long> state =
        subtask.state(
            new MapStateDescriptor<>("long-map", LongSerializer.INSTANCE, LongSerializer.INSTANCE));
    int keys = Math.max(1, entries / size);
    int all = keys * size;
    Scattered order = new Scattered(keys);
    int times = Draws.times(all);
    int[] drawn = Draws.of(times, all);
    cells.weigh(
        "put, new",
        Bar.OTHER,
        1,
        all,
        i -> {
          subtask.at(Draws.key(order.at(i % keys)));
          state.put(time(i), (long) i);
          return 0;
        });
    cells.weigh(
        "get",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(order.at(drawn[i] % keys)));
          return state.get(time(drawn[i]));
        });
    cells.weigh(
        "put",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(order.at(drawn[i] % keys)));
          state.put(time(drawn[i]), -(long) i);
          return 0;
        });
    cells.weigh(
        "entries, per entry",
        Bar.TIME,
        size,
        keys,
        i -> {
          subtask.at(Draws.key(order.at(i)));
          long sum = 0;
          for (Map.Entry<Long, Long> entry : state.entries()) {
            sum += entry.getKey() + entry.getValue();
          }
          return sum;
        });
    long lowest = time(all / 2);
    long highest = time(all / 2 + all / 10);
    cells.weigh(
        "entries, a tenth of interest, per entry",
        Bar.TIME,
        size,
        keys,
        i -> {
          subtask.at(Draws.key(order.at(i)));
          long sum = 0;
          for (Map.Entry<Long, Long> entry : state.entries()) {
            long time = entry.getKey();
            if (time < lowest || time >= highest) {
              continue;
            }
            sum += entry.getValue();
          }
          return sum;
        });
    cells.weigh(
        "put, expire while iterating, per entry",
        Bar.TIME,
        size,
        keys,
        i -> {
          subtask.at(Draws.key(order.at(i)));
          state.put(time(all + i), (long) i);
          return expire(state.iterator(), time(keys));
        });
    cells.weigh(
        "remove, oldest first",
        Bar.TIME,
        1,
        Math.min(times, all - keys),
        i -> {
          subtask.at(Draws.key(order.at(i % keys)));
          state.remove(time(keys + i));
          return 0;
        });
  }

  private static long time(int entry) {
    return START + entry * STEP;
  }

  /** As SQL's joins do, which do not rely on an order. */
  private static long expire(Iterator<Map.Entry<Long, Long>> entries, long before) {
    long expired = 0;
    while (entries.hasNext()) {
      if (entries.next().getKey() < before) {
        entries.remove();
        expired++;
      }
    }
    return expired;
  }
}
