package io.timelog.flink.job;

import java.util.stream.StreamSupport;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Key, window, how many there are, and a sum that knows their order if they are events. */
final class Listed<T> extends ProcessWindowFunction<T, String, Integer, TimeWindow> {
  private static final long serialVersionUID = 1L;

  @Override
  public void process(Integer key, Context context, Iterable<T> elements, Collector<String> out) {
    long count = StreamSupport.stream(elements.spliterator(), false).count();
    long order = 0;
    for (T element : elements) {
      order = 31 * order + (element instanceof Event event ? event.value : (Long) (Object) element);
    }
    out.collect(key + " " + context.window() + " " + count + " " + order);
  }
}
