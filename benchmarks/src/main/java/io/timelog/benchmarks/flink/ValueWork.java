package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/** A long for each of so many keys. */
record ValueWork(int keys) implements StateWork {
  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    ValueState<Long> state =
        subtask.state(new ValueStateDescriptor<>("value", LongSerializer.INSTANCE));
    int times = Draws.times(keys);
    int[] drawn = Draws.of(times, keys);
    Scattered all = new Scattered(keys);
    cells.weigh(
        "update, new key",
        Bar.OTHER,
        1,
        keys,
        i -> {
          subtask.at(Draws.key(all.at(i)));
          state.update((long) i);
          return 0;
        });
    cells.weigh(
        "value",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          return state.value();
        });
    cells.weigh(
        "update",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          state.update(-(long) i);
          return 0;
        });
    cells.weigh(
        "value and update",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          long value = state.value();
          state.update(value + i);
          return value;
        });
    cells.weigh(
        "clear",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(all.at(i)));
          state.clear();
          return state.value() == null ? 1 : 0;
        });
  }
}
