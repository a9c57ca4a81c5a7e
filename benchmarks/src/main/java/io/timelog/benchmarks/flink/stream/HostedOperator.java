package io.timelog.benchmarks.flink.stream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** An operator in Flink's harness, which counts what comes out. */
abstract sealed class HostedOperator implements Closeable {
  private static final int KEY_GROUPS = 128;
  private static final long SECOND = 1_000;

  private final AbstractStreamOperatorTestHarness<Object> harness;
  private long mark = Long.MIN_VALUE;
  private long results;
  private long checksum;

  private HostedOperator(AbstractStreamOperatorTestHarness<Object> harness) {
    this.harness = harness;
  }

  /** Opens the operator of a shape. */
  static HostedOperator open(StreamShape shape, StreamContender contender, Path directory)
      throws Exception {
    KeyedStream<Tuple3<Long, Long, Long>, Long> stream =
        StreamExecutionEnvironment.getExecutionEnvironment()
            .fromSequence(0, 1)
            .map(number -> Tuple3.of(number, number, number))
            .returns(Types.TUPLE(Types.LONG, Types.LONG, Types.LONG))
            .keyBy(event -> event.f0, Types.LONG);
    HostedOperator operator = of(shape.define(contender, stream));
    operator.start(contender, directory);
    return operator;
  }

  @SuppressWarnings("unchecked") // whatever comes out is an object
  private static HostedOperator of(SingleOutputStreamOperator<?> added) throws Exception {
    if (added.getTransformation() instanceof TwoInputTransformation<?, ?, ?> two) {
      return new WithTwoInputs(
          (TwoInputStreamOperator<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, Object>)
              operator(two.getOperatorFactory()));
    }
    OneInputTransformation<?, ?> one = (OneInputTransformation<?, ?>) added.getTransformation();
    return new WithOneInput(
        (OneInputStreamOperator<Tuple3<Long, Long, Long>, Object>)
            operator(one.getOperatorFactory()));
  }

  private static StreamOperator<?> operator(Object factory) {
    return ((SimpleOperatorFactory<?>) factory).getOperator();
  }

  private void start(StreamContender contender, Path directory) throws Exception {
    harness.setStateBackend(contender.backend().ofFixedMemory(directory));
    harness.setOutputCreator(serializer -> new Results());
    harness.setup();
    harness.open();
  }

  /** An event, of the only input or the left one. */
  abstract void left(Tuple3<Long, Long, Long> event) throws Exception;

  /** An event of the right input. */
  abstract void right(Tuple3<Long, Long, Long> event) throws Exception;

  abstract void mark(Watermark time) throws Exception;

  /** Moves the watermark on, in steps of a second. */
  final void mark(long time) throws Exception {
    long second = Math.floorDiv(time, SECOND) * SECOND;
    if (second > mark) {
      mark = second;
      mark(new Watermark(second));
    }
  }

  /** How many results there were. */
  final long results() {
    return results;
  }

  /** A number of all results, in whatever order. */
  final long checksum() {
    return checksum;
  }

  @Override
  public final void close() throws IOException {
    try {
      harness.close();
    } catch (Exception e) {
      throw new IOException("An operator could not be closed", e);
    }
  }

  private static StreamRecord<Tuple3<Long, Long, Long>> row(Tuple3<Long, Long, Long> event) {
    return new StreamRecord<>(event, event.f1);
  }

  private static final class WithOneInput extends HostedOperator {
    private final KeyedOneInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, Object>
        input;

    WithOneInput(OneInputStreamOperator<Tuple3<Long, Long, Long>, Object> operator)
        throws Exception {
      this(
          new KeyedOneInputStreamOperatorTestHarness<>(
              operator, event -> event.f0, Types.LONG, KEY_GROUPS, 1, 0));
    }

    private WithOneInput(
        KeyedOneInputStreamOperatorTestHarness<Long, Tuple3<Long, Long, Long>, Object> input) {
      super(input);
      this.input = input;
    }

    @Override
    void left(Tuple3<Long, Long, Long> event) throws Exception {
      input.processElement(row(event));
    }

    @Override
    void right(Tuple3<Long, Long, Long> event) {
      throw new IllegalStateException("There is one input.");
    }

    @Override
    void mark(Watermark time) throws Exception {
      input.processWatermark(time);
    }
  }

  private static final class WithTwoInputs extends HostedOperator {
    private final KeyedTwoInputStreamOperatorTestHarness<
            Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, Object>
        inputs;

    WithTwoInputs(
        TwoInputStreamOperator<Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, Object> operator)
        throws Exception {
      this(
          new KeyedTwoInputStreamOperatorTestHarness<>(
              operator, event -> event.f0, event -> event.f0, Types.LONG, KEY_GROUPS, 1, 0));
    }

    private WithTwoInputs(
        KeyedTwoInputStreamOperatorTestHarness<
                Long, Tuple3<Long, Long, Long>, Tuple3<Long, Long, Long>, Object>
            inputs) {
      super(inputs);
      this.inputs = inputs;
    }

    @Override
    void left(Tuple3<Long, Long, Long> event) throws Exception {
      inputs.processElement1(row(event));
    }

    @Override
    void right(Tuple3<Long, Long, Long> event) throws Exception {
      inputs.processElement2(row(event));
    }

    @Override
    void mark(Watermark time) throws Exception {
      inputs.processBothWatermarks(time);
    }
  }

  /** Counts results, and copies nothing, as an operator that is chained. */
  private final class Results implements Output<StreamRecord<Object>> {
    @Override
    public void collect(StreamRecord<Object> result) {
      results++;
      checksum += Disorder.mix(number(result.getValue()));
    }

    private static long number(Object result) {
      if (result instanceof Tuple2<?, ?> rolled) {
        return 31 * (Long) ((Tuple3<?, ?, ?>) rolled.f0).f2 + (Long) rolled.f1;
      }
      return (Long) result;
    }

    @Override
    public <X> void collect(OutputTag<X> tag, StreamRecord<X> late) {
      throw new IllegalStateException("Nothing is late: tag=" + tag.getId());
    }

    @Override
    public void emitWatermark(Watermark time) {
      // Nobody waits for it.
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
      // Nobody waits for it.
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
      // Nobody waits for it.
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {
      // Nobody waits for them.
    }

    @Override
    public void emitWatermark(WatermarkEvent event) {
      // Nobody waits for it.
    }

    @Override
    public void close() {
      // There is nothing behind it.
    }
  }
}
