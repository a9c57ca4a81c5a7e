package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/**
 * Maps from times to lists of longs, of a thousand keys at most: what joins and OVER windows keep.
 * To add an element, they get the list of its time, add it, and put the list back.
 *
 * @param length of each list
 * @param elements of all lists together
 */
record LongListsWork(int length, int elements) implements StateWork {
  private static final long START = 1_700_000_000_000L;
  private static final long STEP = 10;
  private static final int MOST_KEYS = 1_000;
  private static final int MOST_REWRITTEN = 20_000_000;

  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    MapState<Long, List<Long>> state =
        subtask.state(
            new MapStateDescriptor<>(
                "long-lists",
                LongSerializer.INSTANCE,
                new ListSerializer<>(LongSerializer.INSTANCE)));
    int lists = Math.max(1, elements / length);
    int keys = Math.min(lists, MOST_KEYS);
    Scattered order = new Scattered(keys);
    int times = Math.max(100, Math.min(Draws.times(elements), MOST_REWRITTEN / length));
    int each = Math.max(1, times / keys);
    int adds = each * keys;
    // As events come: to the newest list of each key, until it has the wanted length.
    IntToLongFunction newest =
        add -> {
          int newer = each > length ? 1 + add / keys / length : 0;
          return time(lists - 1 - (lists - 1) % keys + newer * keys);
        };
    cells.weigh(
        "put, per element",
        Bar.OTHER,
        length,
        lists,
        i -> {
          subtask.at(Draws.key(order.at(i % keys)));
          state.put(time(i), list(length));
          return 0;
        });
    cells.weigh(
        "get, add, put",
        Bar.TIME,
        1,
        adds,
        i -> {
          long time = newest.applyAsLong(i);
          subtask.at(Draws.key(order.at(i % keys)));
          List<Long> list = state.get(time);
          if (list == null) {
            list = new ArrayList<>();
          }
          list.add((long) i);
          state.put(time, list);
          return 0;
        });
    cells.weigh(
        "get, read one, add, put",
        Bar.TIME,
        1,
        keys,
        i -> {
          long time = newest.applyAsLong(adds - 1);
          subtask.at(Draws.key(order.at(i)));
          List<Long> list = state.get(time);
          long last = list.get(list.size() - 1);
          list.add((long) i);
          state.put(time, list);
          return last;
        });
    cells.weigh(
        "entries, per element",
        Bar.TIME,
        (double) (lists * length + adds + keys) / keys,
        keys,
        i -> {
          subtask.at(Draws.key(order.at(i)));
          long sum = 0;
          for (Map.Entry<Long, List<Long>> entry : state.entries()) {
            sum += entry.getKey() + ListWork.sum(entry.getValue());
          }
          return sum;
        });
    cells.weigh(
        "remove, oldest first",
        Bar.TIME,
        1,
        Math.min(times, lists),
        i -> {
          subtask.at(Draws.key(order.at(i % keys)));
          state.remove(time(i));
          return 0;
        });
  }

  private static long time(int list) {
    return START + list * STEP;
  }

  private static List<Long> list(int length) {
    List<Long> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      list.add((long) i);
    }
    return list;
  }
}
