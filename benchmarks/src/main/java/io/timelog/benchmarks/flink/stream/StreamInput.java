package io.timelog.benchmarks.flink.stream;

/**
 * What is to be weighed in one child JVM.
 *
 * @param shape the operator
 * @param before how many events come before those that are weighed
 * @param weighed how many events are weighed
 * @param rehearsed whether the work is done before for the compiler
 */
public record StreamInput(StreamShape shape, int before, int weighed, boolean rehearsed) {
  /** All of a shape. */
  public static StreamInput of(StreamShape shape) {
    return new StreamInput(shape, shape.before(), shape.weighed(), true);
  }
}
