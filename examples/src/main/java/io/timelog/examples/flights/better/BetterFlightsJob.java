package io.timelog.examples.flights.better;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Application;
import io.timelog.examples.flights.run.Job;
import io.timelog.examples.flights.run.OutputTopic;
import io.timelog.examples.flights.run.StopSignal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.ForeachAction;

/**
 * The pairs of a late flight and a better one.
 *
 * @param rebooking what a better one is
 */
record BetterFlightsJob(Rebooking rebooking) implements Job<List<BetterFlight>> {
  @Override
  public String applicationId() {
    return "better-flights";
  }

  @Override
  public String keyOf(Flight flight) {
    return Rebooking.route(flight);
  }

  @Override
  public List<String> outputTopics() {
    return List.of(BetterFlightsTopology.BETTER_FLIGHTS);
  }

  @Override
  public Topology topology(ForeachAction<? super String, ? super Flight> onFlight) {
    return BetterFlightsTopology.build(rebooking, onFlight);
  }

  @Override
  public List<BetterFlight> collect(Application application, StopSignal stop)
      throws StopSignal.StoppedException {
    List<BetterFlight> pairs = new ArrayList<>();
    new OutputTopic<>(
            BetterFlightsTopology.BETTER_FLIGHTS,
            Serdes.String(),
            BetterFlightSerdes.betterFlight())
        .read(application.bootstrapServers(), stop, (route, pair) -> pairs.add(pair));
    return pairs;
  }

  /** The same pairs without Kafka and without Timelog: every flight with every other of a route. */
  List<BetterFlight> plainly(List<Flight> flights) {
    Map<String, List<Flight>> routes = new HashMap<>();
    for (Flight flight : flights) {
      routes.computeIfAbsent(Rebooking.route(flight), route -> new ArrayList<>()).add(flight);
    }
    List<BetterFlight> pairs = new ArrayList<>();
    for (List<Flight> route : routes.values()) {
      for (Flight late : route) {
        for (Flight punctual : route) {
          if (rebooking.isLate(late)
              && rebooking.isPunctual(punctual)
              && Math.abs(late.scheduledMillis() - punctual.scheduledMillis())
                  <= rebooking.within().toMillis()) {
            pairs.add(new BetterFlight(late, punctual));
          }
        }
      }
    }
    return pairs;
  }
}
