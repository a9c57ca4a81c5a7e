package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.flink.StateCells.Bar;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/** A sum for each of so many keys. */
record ReducingWork(int keys) implements StateWork {
  @Override
  public void run(Subtask subtask, StateCells cells) throws Exception {
    ReducingState<Long> state =
        subtask.state(
            new ReducingStateDescriptor<>("reducing", Long::sum, LongSerializer.INSTANCE));
    int times = Draws.times(keys);
    int[] drawn = Draws.of(times, keys);
    Scattered all = new Scattered(keys);
    cells.weigh(
        "add, new key",
        Bar.OTHER,
        1,
        keys,
        i -> {
          subtask.at(Draws.key(all.at(i)));
          state.add((long) i);
          return 0;
        });
    cells.weigh(
        "add",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          state.add((long) i);
          return 0;
        });
    cells.weigh(
        "get",
        Bar.OTHER,
        1,
        times,
        i -> {
          subtask.at(Draws.key(drawn[i]));
          return state.get();
        });
  }
}
