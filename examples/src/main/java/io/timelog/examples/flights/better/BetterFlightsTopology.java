package io.timelog.examples.flights.better;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightSerdes;
import io.timelog.examples.flights.run.Application;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.TopicSettings;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.ForeachAction;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.StreamJoined;

/**
 * The application: flights by route in, pairs of a late and a punctual flight of a route out.
 *
 * <pre>
 *              ┌─▶ late ─────▶ Timelog window store ─┐
 *   flights ───┤                                     ├─▶ join ──▶ better-flights
 *              └─▶ punctual ─▶ Timelog window store ─┘
 * </pre>
 *
 * <p>Nothing here speaks of Timelog: the line of the configuration in {@link Application#config}
 * puts both sides of the join there.
 */
final class BetterFlightsTopology {
  /** The output topic: route, pair. */
  static final String BETTER_FLIGHTS = "better-flights";

  /** More than the latest of these flights is late, so that none is left out of the join. */
  static final Duration GRACE = Duration.ofDays(2);

  private BetterFlightsTopology() {}

  /** Builds the application; {@code onFlight} sees every flight before it is joined. */
  static Topology build(
      Rebooking rebooking, ForeachAction<? super String, ? super Flight> onFlight) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, Flight> flights =
        builder.stream(Job.FLIGHTS, Consumed.with(Serdes.String(), FlightSerdes.flight()))
            .peek(onFlight);
    KStream<String, Flight> late = flights.filter((route, flight) -> rebooking.isLate(flight));
    KStream<String, Flight> punctual =
        flights.filter((route, flight) -> rebooking.isPunctual(flight));
    late.join(
            punctual,
            BetterFlight::new,
            JoinWindows.ofTimeDifferenceAndGrace(rebooking.within(), GRACE),
            StreamJoined.with(Serdes.String(), FlightSerdes.flight(), FlightSerdes.flight())
                .withStoreName("flights")
                .withLoggingEnabled(TopicSettings.keepForever()))
        .to(BETTER_FLIGHTS, Produced.with(Serdes.String(), BetterFlightSerdes.betterFlight()));
    return builder.build();
  }
}
