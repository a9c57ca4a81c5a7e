package io.timelog.flink.streams;

import io.timelog.flink.internal.rolling.Aggregation;
import io.timelog.flink.internal.rolling.RollingOnEventOperator;
import io.timelog.flink.internal.rolling.RollingOnWatermarkOperator;
import java.util.Objects;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.api.java.typeutils.TypeExtractor;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate of the last minutes at every event, from {@link TimelogStreams#rollingAggregate}.
 *
 * <p>A record with timestamp {@code t} is aggregated with those of its key behind {@code t - size}
 * up to {@code t}. By itself a result comes {@linkplain #emitOnEvent with its record}, of what has
 * come by then; {@linkplain #emitOnWatermark with the watermark} it is of everything.
 *
 * <p>The function's {@code merge} must be implemented, as for session windows. Values are added,
 * and accumulators merged, in the order of time, so that the function may depend on that order.
 *
 * <p>On the Timelog backend a result costs about the same however many records are in the range, as
 * long as few of them lie behind the watermark: accumulators of parts of the range are kept beside
 * the records. On other backends, and of what lies behind the watermark, each record in the range
 * is added each time.
 *
 * @param <T> the type of the records
 * @param <K> the type of the keys
 */
public final class RollingAggregate<T, K> {
  private static final String NAME = "Rolling aggregate";

  private final KeyedStream<T, K> stream;
  private final long sizeMillis;
  private Emission emission = Emission.ON_EVENT;
  private @Nullable OutputTag<T> late;

  private enum Emission {
    ON_EVENT {
      @Override
      <K, T, A, V> OneInputStreamOperator<T, Tuple2<T, V>> operator(
          long sizeMillis, Aggregation<T, A, V> aggregation, @Nullable OutputTag<T> late) {
        return new RollingOnEventOperator<K, T, A, V>(sizeMillis, aggregation, late);
      }
    },
    ON_WATERMARK {
      @Override
      <K, T, A, V> OneInputStreamOperator<T, Tuple2<T, V>> operator(
          long sizeMillis, Aggregation<T, A, V> aggregation, @Nullable OutputTag<T> late) {
        return new RollingOnWatermarkOperator<K, T, A, V>(sizeMillis, aggregation, late);
      }
    };

    abstract <K, T, A, V> OneInputStreamOperator<T, Tuple2<T, V>> operator(
        long sizeMillis, Aggregation<T, A, V> aggregation, @Nullable OutputTag<T> late);
  }

  RollingAggregate(KeyedStream<T, K> stream, long sizeMillis) {
    this.stream = Objects.requireNonNull(stream, "stream");
    this.sizeMillis = sizeMillis;
  }

  /**
   * A result comes with its record, of the records that have come by then; those that come later,
   * out of order, are missing in it. This is so unless something else is said.
   */
  public RollingAggregate<T, K> emitOnEvent() {
    emission = Emission.ON_EVENT;
    return this;
  }

  /**
   * Results come when the watermark has reached their record, in the order of time, and nothing is
   * missing in them; records with the same timestamp are in the results of each other.
   */
  public RollingAggregate<T, K> emitOnWatermark() {
    emission = Emission.ON_WATERMARK;
    return this;
  }

  /** Late records go to a side output. */
  public RollingAggregate<T, K> sideOutputLateData(OutputTag<T> tag) {
    late = Objects.requireNonNull(tag, "tag");
    return this;
  }

  /**
   * Aggregates with a function, whose types Flink finds out.
   *
   * @return each record with its aggregate, at the timestamp of the record
   * @throws org.apache.flink.api.common.functions.InvalidTypesException if Flink does not find the
   *     types, which {@link #aggregate(AggregateFunction, TypeInformation, TypeInformation)} takes
   */
  public <A, V> SingleOutputStreamOperator<Tuple2<T, V>> aggregate(
      AggregateFunction<T, A, V> function) {
    Objects.requireNonNull(function, "function");
    return aggregate(
        function,
        TypeExtractor.getAggregateFunctionAccumulatorType(function, stream.getType(), null, false),
        TypeExtractor.getAggregateFunctionReturnType(function, stream.getType(), null, false));
  }

  /**
   * Aggregates with a function.
   *
   * @param accumulators the type of its accumulators
   * @param aggregates the type of its results
   * @return each record with its aggregate, at the timestamp of the record
   */
  public <A, V> SingleOutputStreamOperator<Tuple2<T, V>> aggregate(
      AggregateFunction<T, A, V> function,
      TypeInformation<A> accumulators,
      TypeInformation<V> aggregates) {
    Aggregation<T, A, V> aggregation =
        new Aggregation<>(
            stream.getExecutionEnvironment().clean(Objects.requireNonNull(function, "function")),
            TimelogStreams.serializer(stream),
            TimelogStreams.serializer(stream, accumulators));
    return stream.transform(
        NAME,
        new TupleTypeInfo<>(stream.getType(), aggregates),
        emission.<K, T, A, V>operator(sizeMillis, aggregation, late));
  }
}
