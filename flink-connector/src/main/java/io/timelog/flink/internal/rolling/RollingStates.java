package io.timelog.flink.internal.rolling;

import io.timelog.flink.internal.map.MapStates;
import io.timelog.flink.state.RangeSummary;
import io.timelog.flink.state.TimeIndexedState;
import io.timelog.flink.state.TimeIndexedStateDescriptor;
import io.timelog.flink.state.TimeIndexedStates;
import java.util.UUID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/**
 * Chooses how aggregates are computed. The rows are in the same state whichever way it is, so a
 * savepoint moves a job from one backend to another.
 */
final class RollingStates {
  private RollingStates() {}

  /**
   * Aggregates in the state of an operator. Where all rows of a key are gone through for a part of
   * them, the parts would cost more than the whole.
   *
   * @throws Exception what {@link KeyedStateBackend#getPartitionedState} throws
   */
  static <T, A> RollingAggregates<T, A> of(
      KeyedStateBackend<?> backend, Aggregation<T, A, ?> aggregation) throws Exception {
    TimeIndexedState<T> rows =
        TimeIndexedStates.of(backend, new TimeIndexedStateDescriptor<>("rows", aggregation.rows()));
    return MapStates.findsRanges(rows)
        ? summarised(backend, rows, aggregation)
        : new StateAggregates<>(rows, rows.aggregate(RangeSummary.of(aggregation.summarizer())));
  }

  private static <T, A> SummarisedAggregates<T, A> summarised(
      KeyedStateBackend<?> backend, TimeIndexedState<T> rows, Aggregation<T, A, ?> aggregation)
      throws Exception {
    TypeSerializer<A> accumulators = aggregation.accumulators();
    TimeIndexedState<A> front =
        TimeIndexedStates.of(backend, new TimeIndexedStateDescriptor<>("front", accumulators));
    ValueState<Tuple4<Long, Long, Long, A>> middle =
        backend.getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>("middle", middle(accumulators)));
    return new SummarisedAggregates<>(
        rows,
        front,
        middle,
        aggregation.summarizer(),
        accumulators,
        UUID.randomUUID().getLeastSignificantBits());
  }

  @SuppressWarnings("unchecked") // there is one class of tuples of four
  private static <A> TypeSerializer<Tuple4<Long, Long, Long, A>> middle(
      TypeSerializer<A> accumulators) {
    LongSerializer longs = LongSerializer.INSTANCE;
    return new TupleSerializer<>(
        (Class<Tuple4<Long, Long, Long, A>>) (Class<?>) Tuple4.class,
        new TypeSerializer<?>[] {longs, longs, longs, accumulators});
  }
}
