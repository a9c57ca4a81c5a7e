package io.timelog.flink.internal.rolling;

import java.io.Serializable;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * What a function of a job does with accumulators, and how these are copied.
 *
 * @param <T> the type of the rows
 * @param <A> the type of the accumulators
 */
public record Accumulators<T, A>(
    AggregateFunction<T, A, ?> function, TypeSerializer<T> rows, TypeSerializer<A> accumulators)
    implements Serializable {
  /** One of no rows. */
  A none() {
    return function.createAccumulator();
  }

  /** One with a row more; the one that is given is used up. */
  A added(A accumulator, T row) {
    return function.add(row, accumulator);
  }

  /** One of the rows of both, of which the second come later; both are used up. */
  A merged(A earlier, A later) {
    A merged = function.merge(earlier, later);
    if (merged == null) {
      throw new IllegalStateException(
          "The merge method of an aggregate function returned null. Rolling aggregates merge"
              + " accumulators, so it must be implemented: function="
              + function.getClass().getName());
    }
    return merged;
  }

  /** One that may be used up while the other is kept. */
  A copied(A accumulator) {
    return accumulators.copy(accumulator);
  }
}
