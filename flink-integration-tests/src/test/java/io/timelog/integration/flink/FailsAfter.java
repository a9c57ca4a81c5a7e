package io.timelog.integration.flink;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Fails a task once, when so many more results have come by as it was told. For jobs in this
 * process, one at a time.
 */
final class FailsAfter implements MapFunction<String, String> {
  private static final long serialVersionUID = 1L;

  private static final int NEVER = -1;

  private static final AtomicInteger RESULTS_LEFT = new AtomicInteger(NEVER);

  /** Has the task fail that gives the last of so many results. */
  static void results(int number) {
    RESULTS_LEFT.set(number);
  }

  @Override
  public String map(String result) {
    int left = RESULTS_LEFT.getAndUpdate(before -> before == NEVER ? NEVER : before - 1);
    if (left == 0) {
      throw new IllegalStateException("A failure of the test.");
    }
    return result;
  }
}
