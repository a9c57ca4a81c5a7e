package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.Delays;
import io.timelog.flink.TimelogStateBackendFactory;
import io.timelog.flink.streams.TimelogStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * The job: a rolling aggregate of what is seen, and an as-of join of the schedule with that.
 *
 * @param flights how many, from the beginning of the file
 * @param lately how long departures are added up
 * @param tolerance how old the last one may be
 */
record KnownDelaysJob(int flights, Duration lately, Duration tolerance) {
  /** Adds the job to an environment. */
  DataStream<KnownDelay> define(StreamExecutionEnvironment environment) {
    // The same flights twice: as they are scheduled, and as they were seen to leave.
    DataStream<Flight> schedule = flights(environment, FlightOrder.SCHEDULED);
    DataStream<Flight> seen = flights(environment, FlightOrder.OBSERVED);

    // Each departure that was seen, with those from the same airport in the half hour up to it.
    DataStream<Tuple2<Flight, Delays>> sums =
        TimelogStreams.rollingAggregate(seen.keyBy(Flight::origin), lately)
            .emitOnWatermark()
            .aggregate(new SumOfDelays())
            .uid("delays-lately");

    // Each flight that is to leave, with the last that was seen to leave by then.
    return TimelogStreams.asOfJoin(
            schedule.keyBy(Flight::origin), sums.keyBy(sum -> sum.f0.origin()), tolerance)
        .leftOuter()
        .apply(KnownDelay::of)
        .returns(KnownDelay.class)
        .uid("known-delays");
  }

  private DataStream<Flight> flights(StreamExecutionEnvironment environment, FlightOrder order) {
    return environment
        .fromSequence(0, flights - 1)
        .setParallelism(1)
        .uid(order + "-numbers")
        .map(new FlightByNumber(flights, order))
        .setParallelism(1)
        .assignTimestampsAndWatermarks(
            WatermarkStrategy.<Flight>forMonotonousTimestamps()
                .withTimestampAssigner((flight, before) -> order.millis(flight)))
        .setParallelism(1);
  }

  /** Runs the job on a cluster in this process, with all state in Timelog. */
  @SuppressWarnings("try") // the results are closed on the thread that reads them
  List<KnownDelay> run() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(
        StateBackendOptions.STATE_BACKEND, TimelogStateBackendFactory.class.getName());
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(2);
    List<KnownDelay> found = new ArrayList<>();
    try (CloseableIterator<KnownDelay> results = define(environment).executeAndCollect()) {
      results.forEachRemaining(found::add);
    }
    return found;
  }
}
