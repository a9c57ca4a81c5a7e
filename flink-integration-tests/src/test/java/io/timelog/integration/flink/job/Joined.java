package io.timelog.integration.flink.job;

import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/** The two readings of a pair. */
final class Joined extends ProcessJoinFunction<Reading, Reading, String> {
  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(Reading left, Reading right, Context context, Collector<String> out) {
    out.collect(
        "join "
            + left.sensor()
            + " "
            + left.time()
            + ":"
            + left.value()
            + " "
            + right.time()
            + ":"
            + right.value());
  }
}
