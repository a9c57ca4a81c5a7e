package io.timelog.flink.internal.rolling;

import io.timelog.flink.state.TimeIndexedState;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * Chooses how aggregates are computed. The rows are in the same state whichever way it is, so a
 * savepoint moves a job from one backend to another.
 */
final class RollingStates {
  private static final String TIMELOG = "timelog";

  private RollingStates() {}

  /**
   * Aggregates in the state of an operator. Other backends have to go through all rows of a key for
   * a part of them, so there the parts cost more than the whole.
   *
   * @throws Exception what {@link KeyedStateBackend#getPartitionedState} throws
   */
  static <T, A> RollingAggregates<T, A> of(
      KeyedStateBackend<?> backend, Accumulators<T, A> accumulators) throws Exception {
    TimeIndexedState<T> rows =
        TimeIndexedStates.of(
            backend, new TimeIndexedStateDescriptor<>("rows", accumulators.rows()));
    if (!backend.getBackendTypeIdentifier().equals(TIMELOG)) {
      return new ScannedAggregates<>(rows, accumulators);
    }
    TimeIndexedState<A> front =
        TimeIndexedStates.of(
            backend, new TimeIndexedStateDescriptor<>("front", accumulators.accumulators()));
    ValueState<Tuple3<Long, Long, A>> middle =
        backend.getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>("middle", middle(accumulators.accumulators())));
    return new SummarisedAggregates<>(rows, front, middle, accumulators);
  }

  @SuppressWarnings("unchecked") // there is one class of tuples of three
  private static <A> TypeSerializer<Tuple3<Long, Long, A>> middle(TypeSerializer<A> accumulators) {
    return new TupleSerializer<>(
        (Class<Tuple3<Long, Long, A>>) (Class<?>) Tuple3.class,
        new TypeSerializer<?>[] {LongSerializer.INSTANCE, LongSerializer.INSTANCE, accumulators});
  }
}
