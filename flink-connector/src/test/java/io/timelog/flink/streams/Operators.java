package io.timelog.flink.streams;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;

/** Operators as the public API adds them to a job, taken out of a job that is never run. */
final class Operators {
  private static final StreamExecutionEnvironment JOB =
      StreamExecutionEnvironment.getExecutionEnvironment();

  private Operators() {}

  /** A stream of records, by their key. */
  static KeyedStream<Row, String> rows() {
    return JOB.fromSequence(0, 1)
        .map(number -> new Row("", number.intValue(), number))
        .returns(Row.class)
        .keyBy(Row::key);
  }

  /** What serializers are made with. */
  static SerializerConfig settings() {
    return JOB.getConfig().getSerializerConfig();
  }

  @SuppressWarnings("unchecked") // the stream was made with that input
  static <O> OneInputStreamOperator<Row, O> oneInput(SingleOutputStreamOperator<O> stream) {
    OneInputTransformation<Row, O> added =
        (OneInputTransformation<Row, O>) stream.getTransformation();
    SimpleOperatorFactory<O> factory = (SimpleOperatorFactory<O>) added.getOperatorFactory();
    OneInputStreamOperator<Row, O> operator =
        (OneInputStreamOperator<Row, O>) factory.getOperator();
    return operator;
  }

  @SuppressWarnings("unchecked") // the stream was made with these inputs
  static <O> TwoInputStreamOperator<Row, Row, O> twoInputs(SingleOutputStreamOperator<O> stream) {
    TwoInputTransformation<Row, Row, O> added =
        (TwoInputTransformation<Row, Row, O>) stream.getTransformation();
    SimpleOperatorFactory<O> factory = (SimpleOperatorFactory<O>) added.getOperatorFactory();
    TwoInputStreamOperator<Row, Row, O> operator =
        (TwoInputStreamOperator<Row, Row, O>) factory.getOperator();
    return operator;
  }
}
