package io.timelog.benchmarks.flink;

import java.util.List;

/**
 * What is to be weighed in one child JVM.
 *
 * @param shape of the state
 * @param sizes keys, or entries of a key, one after the other
 * @param entries of all keys together, where the size is that of a key
 * @param rehearsed whether the work is done before for the compiler
 */
public record StateInput(StateShape shape, List<Integer> sizes, int entries, boolean rehearsed) {
  public StateInput {
    sizes = List.copyOf(sizes);
  }
}
