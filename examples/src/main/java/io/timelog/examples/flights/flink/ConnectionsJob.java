package io.timelog.examples.flights.flink;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.HoppingWindows;
import io.timelog.examples.flights.run.Feeder;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.util.Collector;
import org.apache.kafka.common.TopicPartition;

/**
 * The job: flights in, delays of each airport and missed connections out.
 *
 * <pre>
 *            ┌─▶ departures ──▶ hopping windows by airport ──▶ delays
 *   flights ─┤        └─────┐
 *            │              ▼
 *            └─▶ arrivals ──▶ interval join by airport ──────▶ missed-connections
 * </pre>
 *
 * <p>Windows and join keep keyed state. Where, is not said here: that is configuration, and in
 * {@link FlinkCluster}.
 *
 * @param bootstrapServers of the broker
 * @param ends how many flights each partition of the input will have in the end
 * @param windows what to add flights up in; their grace is not used
 * @param connecting when a connection is missed
 */
record ConnectionsJob(
    String bootstrapServers,
    Map<TopicPartition, Long> ends,
    HoppingWindows windows,
    Connecting connecting) {
  /** The output topic of the windows. */
  static final String DELAYS = "delays";

  /** The output topic of the join. */
  static final String MISSED_CONNECTIONS = "missed-connections";

  /** The consumer group of the departures. */
  static final String DEPARTURES = "departures";

  private static final String ARRIVALS = "arrivals";

  /*
   * How far event time may be out of order. Flights are fed as they were observed, after their
   * delay: so a departure comes as much too late as it was delayed, at most 26 hours. An arrival
   * comes as much too early as its flight will be in the air. Watermarks stay that far behind, and
   * no flight is late for its windows.
   */
  private static final Duration DEPARTURES_OUT_OF_ORDER = Duration.ofHours(28);
  private static final Duration ARRIVALS_OUT_OF_ORDER = Duration.ofHours(14);

  /** Adds the job to an environment. */
  void define(StreamExecutionEnvironment environment) {
    // One topic, looked at twice: by the time of departure, and by the time of arrival.
    DataStream<Flight> departures =
        flights(environment, DEPARTURES, DEPARTURES_OUT_OF_ORDER, Flight::scheduledMillis);
    DataStream<Flight> lateArrivals =
        flights(environment, ARRIVALS, ARRIVALS_OUT_OF_ORDER, Connecting::arrivalMillis)
            .filter(connecting::isLate);

    // Departures and their delays, by airport, in windows that overlap.
    DataStream<AirportDelays> delays =
        departures
            .keyBy(Flight::origin)
            .window(SlidingEventTimeWindows.of(windows.size(), windows.advance()))
            .aggregate(new SumOfDelays(), new WithAirportAndWindow())
            .uid("delays-by-airport");

    // Each late arrival with the departures from the same airport around that time.
    DataStream<MissedConnection> missed =
        lateArrivals
            .keyBy(Flight::destination)
            .intervalJoin(departures.keyBy(Flight::origin))
            .between(connecting.toChange().negated(), connecting.toChange())
            .upperBoundExclusive()
            .process(new Pair())
            .uid("missed-connections");

    write(delays.map(AirportDelays::line), DELAYS);
    write(missed.map(MissedConnection::line), MISSED_CONNECTIONS);
  }

  /** When something happened to a flight. */
  private interface Moment extends Serializable {
    long millis(Flight flight);
  }

  private DataStream<Flight> flights(
      StreamExecutionEnvironment environment, String name, Duration outOfOrder, Moment eventTime) {
    KafkaSource<Flight> source =
        KafkaSource.<Flight>builder()
            .setBootstrapServers(bootstrapServers)
            .setTopics(Feeder.TOPIC)
            .setGroupId(name)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.offsets(ends))
            .setValueOnlyDeserializer(new FlightSchema())
            .build();
    return environment
        .fromSource(
            source,
            WatermarkStrategy.<Flight>forBoundedOutOfOrderness(outOfOrder)
                .withTimestampAssigner((flight, before) -> eventTime.millis(flight)),
            name)
        .uid(name);
  }

  /*
   * After a failure, lines are written again that had been written since the last checkpoint, and say
   * the same. Transactions would spare the reader that: DeliveryGuarantee.EXACTLY_ONCE, where the
   * connector and the Kafka clients are of versions that go together. Those of this module do not.
   */
  private void write(DataStream<String> lines, String topic) {
    lines
        .sinkTo(
            KafkaSink.<String>builder()
                .setBootstrapServers(bootstrapServers)
                .setRecordSerializer(
                    KafkaRecordSerializationSchema.builder()
                        .setTopic(topic)
                        .setValueSerializationSchema(new SimpleStringSchema())
                        .build())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build())
        .uid(topic + "-sink");
  }

  /** Both flights of a missed connection. */
  private static final class Pair extends ProcessJoinFunction<Flight, Flight, MissedConnection> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(
        Flight late, Flight departure, Context context, Collector<MissedConnection> out) {
      out.collect(new MissedConnection(late, departure));
    }
  }
}
