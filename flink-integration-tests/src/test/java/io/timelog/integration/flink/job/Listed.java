package io.timelog.integration.flink.job;

import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Sensor, window, how many elements it has, and a checksum that knows their order. */
final class Listed<T> extends ProcessWindowFunction<T, String, String, TimeWindow> {
  private static final long serialVersionUID = 1L;

  private final String kind;

  Listed(String kind) {
    this.kind = kind;
  }

  @Override
  public void process(String sensor, Context context, Iterable<T> elements, Collector<String> out) {
    long count = 0;
    long checksum = 0;
    for (T element : elements) {
      count++;
      checksum = 31 * checksum + element.hashCode();
    }
    TimeWindow window = context.window();
    out.collect(
        String.join(
            " ",
            kind,
            sensor,
            window.getStart() + "-" + window.getEnd(),
            Long.toString(count),
            Long.toString(checksum)));
  }
}
