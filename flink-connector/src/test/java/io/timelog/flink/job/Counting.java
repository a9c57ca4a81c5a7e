package io.timelog.flink.job;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts the numbers from 0 on by their remainder, in state of several kinds, and fails for good if
 * any of it does not say how many there were.
 */
final class Counting extends KeyedProcessFunction<Long, Long, Long> {
  private static final long serialVersionUID = 1L;

  static final long KEYS = 200;

  /** Set to have the job fail, once. */
  static final AtomicBoolean FAIL = new AtomicBoolean();

  private static final long KEPT = 10;

  private transient ValueState<Long> count;
  private transient MapState<Long, String> last;
  private transient ListState<String> tens;

  @Override
  public void open(OpenContext context) {
    count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
    last =
        getRuntimeContext().getMapState(new MapStateDescriptor<>("last", Types.LONG, Types.STRING));
    tens = getRuntimeContext().getListState(new ListStateDescriptor<>("tens", Types.STRING));
  }

  @Override
  public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
    if (FAIL.compareAndSet(true, false)) {
      throw new IllegalStateException("A failure of the test.");
    }
    Long before = count.value();
    long seen = before == null ? 0 : before;
    require(seen * KEYS + context.getCurrentKey() == number, "count", seen, number);
    count.update(seen + 1);
    last.put(seen, "the number " + number);
    if (seen >= KEPT) {
      String gone = "the number " + ((seen - KEPT) * KEYS + context.getCurrentKey());
      require(gone.equals(last.get(seen - KEPT)), "last", last.get(seen - KEPT), number);
      last.remove(seen - KEPT);
    }
    if (seen % 10 == 0) {
      long elements = 0;
      for (String ignored : tens.get()) {
        elements++;
      }
      require(elements == (seen / 10) % 10, "tens", elements, number);
      if (elements == 9) {
        tens.clear();
      } else {
        tens.add("ten more");
      }
    }
    out.collect(number);
  }

  private static void require(boolean holds, String state, Object found, long number) {
    if (!holds) {
      throw new SuppressRestartsException(
          new AssertionError(
              "Wrong state: state=" + state + ", found=" + found + ", number=" + number));
    }
  }
}
