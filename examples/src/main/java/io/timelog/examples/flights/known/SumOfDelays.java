package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.delays.Delays;
import org.apache.flink.api.common.functions.AggregateFunction;

/** Adds flights up. */
final class SumOfDelays implements AggregateFunction<Flight, Delays, Delays> {
  private static final long serialVersionUID = 1L;

  @Override
  public Delays createAccumulator() {
    return Delays.none();
  }

  @Override
  public Delays add(Flight flight, Delays sum) {
    return sum.plus(flight);
  }

  @Override
  public Delays getResult(Delays sum) {
    return sum;
  }

  @Override
  public Delays merge(Delays earlier, Delays later) {
    return new Delays(
        earlier.departures() + later.departures(), earlier.totalMinutes() + later.totalMinutes());
  }
}
