package io.timelog.examples.flights.known;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.data.FlightFile;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Reads flights, by their numbers in an order. */
final class FlightByNumber extends RichMapFunction<Long, Flight> {
  private static final long serialVersionUID = 1L;

  private final int flights;
  private final FlightOrder order;
  private transient List<Flight> sorted = List.of();

  /** The first so many flights of the file, in an order. */
  FlightByNumber(int flights, FlightOrder order) {
    this.flights = flights;
    this.order = order;
  }

  @Override
  public void open(OpenContext context) throws IOException {
    sorted =
        FlightFile.read(flights).stream().sorted(Comparator.comparingLong(order::millis)).toList();
  }

  @Override
  public Flight map(Long number) {
    return sorted.get(number.intValue());
  }
}
