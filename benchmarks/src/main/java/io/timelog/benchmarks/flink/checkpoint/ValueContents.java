package io.timelog.benchmarks.flink.checkpoint;

import io.timelog.benchmarks.flink.Draws;
import io.timelog.benchmarks.flink.Subtask;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;

/** A value for each key. A change is one of keys here and there. */
final class ValueContents implements Contents {
  private static final int CHANGED_PART = 10;

  private final Subtask subtask;
  private final int keys;
  private final int valueBytes;
  private final ValueState<byte[]> state;

  ValueContents(Subtask subtask, int keys, int valueBytes) throws Exception {
    this.subtask = subtask;
    this.keys = keys;
    this.valueBytes = valueBytes;
    this.state =
        subtask.state(new ValueStateDescriptor<>("value", BytePrimitiveArraySerializer.INSTANCE));
  }

  @Override
  public void fill() throws Exception {
    for (int i = 0; i < keys; i++) {
      update(i, 0);
    }
  }

  @Override
  public void change(int step) throws Exception {
    for (int i = step; i < keys; i += CHANGED_PART) {
      update(i, step);
    }
  }

  private void update(int number, int version) throws Exception {
    subtask.at(Draws.key(number));
    state.update(Payload.of(number + (long) version * keys, valueBytes));
  }

  @Override
  public long read(int steps) throws Exception {
    long sum = 0;
    for (int i = 0; i < keys; i++) {
      long key = Draws.key(i);
      if (subtask.has(key)) {
        subtask.at(key);
        sum += Payload.checksum(state.value());
      }
    }
    return sum;
  }
}
