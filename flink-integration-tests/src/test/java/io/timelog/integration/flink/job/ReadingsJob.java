package io.timelog.integration.flink.job;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
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
public record ReadingsJob(String bootstrapServers, String input, String output) {
  /** The end of a transaction that nobody ends, below what the broker allows. */
  private static final String TRANSACTION_TIMEOUT_MILLIS = "600000";

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

  /**
   * Adds the job to an environment.
   *
   * @param beforeSink what is done to the results on their way to Kafka
   */
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
    beforeSink.apply(results).sinkTo(sink()).uid("sink").name("sink");
  }

  private DataStream<Reading> readings(StreamExecutionEnvironment environment) {
    KafkaSource<Reading> source =
        KafkaSource.<Reading>builder()
            .setBootstrapServers(bootstrapServers)
            .setTopics(input)
            .setGroupId(output)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setValueOnlyDeserializer(new ReadingSchema())
            .build();
    return environment
        .fromSource(
            source,
            WatermarkStrategy.<Reading>forBoundedOutOfOrderness(
                    Duration.ofMillis(Readings.OUT_OF_ORDER_MILLIS))
                .withTimestampAssigner((reading, before) -> reading.time()),
            "readings")
        .uid("readings");
  }

  private KafkaSink<String> sink() {
    return KafkaSink.<String>builder()
        .setBootstrapServers(bootstrapServers)
        .setRecordSerializer(
            KafkaRecordSerializationSchema.builder()
                .setTopic(output)
                .setValueSerializationSchema(new SimpleStringSchema())
                .build())
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(output)
        .setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS)
        .build();
  }
}
