package io.timelog.flink.streams;

import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/** Says all that a join tells its function. */
final class Pairing extends ProcessJoinFunction<Row, Row, String> {
  private static final long serialVersionUID = 1L;

  @Override
  public void processElement(Row left, Row right, Context context, Collector<String> out) {
    requireTime(left, context.getLeftTimestamp());
    requireTime(right, context.getRightTimestamp());
    out.collect(of(left, right, context.getTimestamp()));
  }

  private static void requireTime(Row row, long time) {
    if (time != (row == null ? Long.MIN_VALUE : row.time())) {
      throw new AssertionError("row=" + row + ", time=" + time);
    }
  }

  /** The result of a pair, of which one may be null. */
  static String of(Row left, Row right, long at) {
    return left + " with " + right + " as of " + at;
  }
}
