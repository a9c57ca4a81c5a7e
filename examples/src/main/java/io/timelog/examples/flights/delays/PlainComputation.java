package io.timelog.examples.flights.delays;

import io.timelog.examples.flights.data.Flight;
import io.timelog.examples.flights.run.Partitioning;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The same answer without Kafka and without Timelog: one loop over the flights and a hash map.
 *
 * <p>Kafka Streams keeps a stream time for every partition, the newest event time it has seen
 * there, and drops an update of a window when stream time has passed the window's end by the grace
 * period. So does this, and therefore it knows which flights had to be dropped, too.
 */
final class PlainComputation {
  private final HoppingWindows windows;
  private final Partitioning partitioning;
  private final long[] streamTimes;
  private final Map<AirportWindow, Delays> results = new HashMap<>();
  private long flights;
  private long outOfOrder;
  private long late;
  private long lost;
  private long droppedUpdates;
  private @Nullable Flight furthestBehind;
  private long furthestBehindMillis;

  private PlainComputation(HoppingWindows windows, Partitioning partitioning) {
    this.windows = windows;
    this.partitioning = partitioning;
    this.streamTimes = new long[partitioning.partitions()];
    Arrays.fill(streamTimes, Long.MIN_VALUE);
  }

  /** Adds up the flights in the order in which they are given. */
  static PlainComputation of(
      List<Flight> flights, HoppingWindows windows, Partitioning partitioning) {
    PlainComputation computation = new PlainComputation(windows, partitioning);
    flights.forEach(computation::add);
    return computation;
  }

  private void add(Flight flight) {
    int partition = partitioning.of(flight.origin());
    long streamTime = Math.max(streamTimes[partition], flight.scheduledMillis());
    streamTimes[partition] = streamTime;
    flights++;
    long behind = streamTime - flight.scheduledMillis();
    if (behind > 0) {
      outOfOrder++;
    }
    if (behind > furthestBehindMillis) {
      furthestBehind = flight;
      furthestBehindMillis = behind;
    }

    long[] starts = windows.startsAround(flight.scheduledMillis()).toArray();
    long closed =
        Arrays.stream(starts).filter(start -> windows.isClosed(start, streamTime)).count();
    droppedUpdates += closed;
    if (closed > 0) {
      late++;
    }
    if (closed == starts.length) {
      lost++;
    }
    for (long start : starts) {
      if (!windows.isClosed(start, streamTime)) {
        results.merge(
            new AirportWindow(flight.origin(), start),
            Delays.none().plus(flight),
            (sum, one) -> sum.plus(flight));
      }
    }
  }

  /** What Kafka Streams must come to. */
  Outcome outcome() {
    return new Outcome(
        results,
        results.entrySet().stream()
            .filter(result -> isStored(result.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        droppedUpdates);
  }

  /** How the flights came. */
  Lateness lateness() {
    return new Lateness(
        flights, outOfOrder, late, lost, droppedUpdates, furthestBehind, furthestBehindMillis);
  }

  // A window store keeps windows that start less than the retention before the newest start.
  private boolean isStored(AirportWindow window) {
    long streamTime = streamTimes[partitioning.of(window.airport())];
    long newestStart = windows.startsAround(streamTime).max().orElseThrow();
    return window.startMillis() > newestStart - windows.retention().toMillis();
  }
}
