package io.timelog.benchmarks.flink.timer;

import java.util.List;

/**
 * What is to be weighed in one child JVM.
 *
 * @param shape the times that timers are at
 * @param sizes numbers of timers, one after the other
 * @param rehearsed whether the work is done before for the compiler
 */
public record TimerInput(TimerShape shape, List<Integer> sizes, boolean rehearsed) {
  public TimerInput {
    sizes = List.copyOf(sizes);
  }
}
