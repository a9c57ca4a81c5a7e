package io.timelog.integration.flink.job;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@link LateReadings} in; out what operators of {@link io.timelog.flink.streams.TimelogStreams}
 * make of them.
 *
 * @param operators which ones, each in lines of its own
 */
public record StreamsJob(
    String bootstrapServers, String input, String output, Set<StreamsOperator> operators)
    implements TopicJob {
  /** {@inheritDoc} The source has one subtask, so that each sensor's readings stay in order. */
  @Override
  public void define(
      StreamExecutionEnvironment environment, UnaryOperator<DataStream<String>> beforeSink) {
    KafkaEnds kafka = new KafkaEnds(this);
    KeyedStream<Reading, String> readings =
        environment
            .fromSource(
                kafka.source(new TogetherSchema()),
                WatermarkStrategy.<Reading>forGenerator(
                        context -> new AtEachReading(LateReadings.OUT_OF_ORDER_MILLIS))
                    .withTimestampAssigner((reading, before) -> reading.time()),
                "readings")
            .setParallelism(1)
            .uid("readings")
            .keyBy(Reading::sensor);
    DataStream<String> results =
        operators.stream()
            .map(operator -> operator.of(readings))
            .reduce((one, other) -> one.union(other))
            .orElseThrow();
    beforeSink.apply(results).sinkTo(kafka.sink()).uid("sink").name("sink");
  }
}
