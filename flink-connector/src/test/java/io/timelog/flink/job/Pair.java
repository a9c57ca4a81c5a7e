package io.timelog.flink.job;

import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/** Key and both values of each pair that was joined. */
final class Pair extends ProcessJoinFunction<Event, Event, String> {
  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(Event left, Event right, Context context, Collector<String> out) {
    out.collect(left.key + " " + left.value + " " + right.value);
  }
}
