package io.timelog.integration.flink;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Lets results pass at the pace of a slow consumer, so that what is upstream has to wait, until it
 * is told that it is enough. For jobs in this process, one at a time.
 */
final class SlowWhile implements MapFunction<String, String> {
  private static final long serialVersionUID = 1L;

  private static final long PAUSE_NANOS = Duration.ofMillis(4).toNanos();

  static volatile boolean slow;

  @Override
  public String map(String result) {
    if (slow) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return result;
  }
}
