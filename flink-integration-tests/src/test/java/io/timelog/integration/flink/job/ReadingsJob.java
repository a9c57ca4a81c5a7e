package io.timelog.integration.flink.job;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * Readings in; out what windows of three kinds, an interval join and a function with state of every
 * kind make of them. Exactly once, and the same in whichever order the partitions are read.
 *
 * @param bootstrapServers of the broker
 * @param input the topic of the readings
 * @param output the topic of the results; the job's consumer group has the same name
 */
public record ReadingsJob(String bootstrapServers, String input, String output)
    implements TopicJob {
  /**
   * Runs the job on the cluster that the program is submitted to.
   *
   * @param arguments what {@link #arguments} returns
   */
  public static void main(String[] arguments) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    new ReadingsJob(arguments[0], arguments[1], arguments[2])
        .define(environment, results -> results);
    environment.execute("readings");
  }

  /** The job for {@link #main}. */
  public List<String> arguments() {
    return List.of(bootstrapServers, input, output);
  }

  @Override
  public void define(
      StreamExecutionEnvironment environment, UnaryOperator<DataStream<String>> beforeSink) {
    KeyedStream<Reading, String> readings = readings(environment).keyBy(Reading::sensor);
    DataStream<String> results =
        readings
            .window(TumblingEventTimeWindows.of(Duration.ofSeconds(2)))
            .process(new Listed<>("tumbling"))
            .uid("tumbling")
            .union(
                readings
                    .window(
                        SlidingEventTimeWindows.of(Duration.ofSeconds(3), Duration.ofSeconds(1)))
                    .aggregate(new Sum(), new Listed<>("sliding"))
                    .uid("sliding"),
                readings
                    .window(EventTimeSessionWindows.withGap(Duration.ofMillis(300)))
                    .process(new Listed<>("session"))
                    .uid("session"),
                readings
                    .filter(reading -> reading.value() % 2 == 0)
                    .keyBy(Reading::sensor)
                    .intervalJoin(
                        readings.filter(reading -> reading.value() % 2 == 1).keyBy(Reading::sensor))
                    .between(Duration.ofMillis(-300), Duration.ofMillis(200))
                    .process(new Joined())
                    .uid("join"),
                readings.process(new Ledger()).uid("ledger"));
    beforeSink.apply(results).sinkTo(new KafkaEnds(this).sink()).uid("sink").name("sink");
  }

  private DataStream<Reading> readings(StreamExecutionEnvironment environment) {
    return environment
        .fromSource(
            new KafkaEnds(this)
                .source(KafkaRecordDeserializationSchema.valueOnly(new ReadingSchema())),
            WatermarkStrategy.<Reading>forBoundedOutOfOrderness(
                    Duration.ofMillis(Readings.OUT_OF_ORDER_MILLIS))
                .withTimestampAssigner((reading, before) -> reading.time()),
            "readings")
        .uid("readings");
  }
}
