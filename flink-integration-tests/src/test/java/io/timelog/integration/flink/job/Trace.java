package io.timelog.integration.flink.job;

import java.util.List;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;

/**
 * A checksum that is only the same of the same readings in the same order. An accumulator is the
 * checksum and a factor, by which one is multiplied that others follow.
 */
final class Trace implements AggregateFunction<Reading, Tuple2<Long, Long>, Long> {
  private static final long serialVersionUID = 1L;

  private static final long BASE = 0x9E3779B97F4A7C15L;

  @Override
  public Tuple2<Long, Long> createAccumulator() {
    return Tuple2.of(0L, 1L);
  }

  @Override
  public Tuple2<Long, Long> add(Reading reading, Tuple2<Long, Long> trace) {
    trace.f0 = trace.f0 * BASE + reading.value();
    trace.f1 *= BASE;
    return trace;
  }

  @Override
  public Tuple2<Long, Long> merge(Tuple2<Long, Long> earlier, Tuple2<Long, Long> later) {
    earlier.f0 = earlier.f0 * later.f1 + later.f0;
    earlier.f1 *= later.f1;
    return earlier;
  }

  @Override
  public Long getResult(Tuple2<Long, Long> trace) {
    return trace.f0;
  }

  /** The checksum of readings. */
  static long of(List<Reading> readings) {
    long trace = 0;
    for (Reading reading : readings) {
      trace = trace * BASE + reading.value();
    }
    return trace;
  }
}
