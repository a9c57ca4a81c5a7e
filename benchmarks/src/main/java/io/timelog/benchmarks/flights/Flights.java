package io.timelog.benchmarks.flights;

import io.timelog.benchmarks.workload.Events;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Flights of a gzipped CSV file with the columns {@code scheduled_ms, delay_min, distance_mi,
 * origin, destination}, ordered by departure. The key is the airport of origin, the timestamp the
 * scheduled departure in milliseconds, the value 16 bytes: a number that differs for each flight,
 * delay and distance.
 *
 * <p>The file is repeated as often as needed, each time later by a whole number of weeks, so far
 * that repetitions do not overlap. Of the file the greatest multiple of {@value #MULTIPLE} flights
 * is used, so that both orders contain the same flights.
 */
final class Flights implements Events {
  private static final long MINUTE = 60_000;
  private static final long WEEK = 7 * 24 * 60 * MINUTE;

  /** The number of events is a multiple of this. */
  static final int MULTIPLE = 10_000;

  /** No flight departed earlier or later than this from what was scheduled; the reader checks. */
  static final long MAX_DISORDER = 2 * 24 * 60 * MINUTE;

  private final List<Flight> flights;
  private final Arrival arrival;
  private final long events;
  private final long period;

  private record Flight(long scheduled, int delayMinutes, int distance, String origin) {
    long departed() {
      return scheduled + delayMinutes * MINUTE;
    }
  }

  private Flights(List<Flight> flights, Arrival arrival, long atLeast) {
    long span = flights.get(flights.size() - 1).departed() - flights.get(0).departed();
    this.flights = new ArrayList<>(flights);
    this.arrival = arrival;
    this.events = (atLeast + flights.size() - 1) / flights.size() * flights.size();
    this.period = ((span + 2 * MAX_DISORDER) / WEEK + 1) * WEEK;
    if (arrival == Arrival.SORTED) {
      this.flights.sort(Comparator.comparingLong(Flight::scheduled));
    }
  }

  /**
   * Reads {@code file}.
   *
   * @param atLeast how many events there shall be, or a few more
   * @throws IllegalArgumentException if the flights are not in the order of departure, or too few
   */
  static Flights read(Path file, Arrival arrival, long atLeast) {
    List<Flight> flights = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Flight flight = parse(line);
        if (Math.abs(flight.departed() - flight.scheduled()) > MAX_DISORDER
            || (!flights.isEmpty()
                && flights.get(flights.size() - 1).departed() > flight.departed())) {
          throw new IllegalArgumentException(
              "Flights must be ordered by departure, at most two days off: line=" + line);
        }
        flights.add(flight);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Flights cannot be read", e);
    }
    if (flights.size() < MULTIPLE) {
      throw new IllegalArgumentException(
          "Too few flights: flights=" + flights.size() + ", needed=" + MULTIPLE);
    }
    int used = flights.size() / MULTIPLE * MULTIPLE;
    return new Flights(flights.subList(0, used), arrival, atLeast);
  }

  long events() {
    return events;
  }

  @Override
  public byte[] key(long number) {
    byte[] key = new byte[Long.BYTES];
    String origin = flight(number).origin();
    for (int i = 0; i < origin.length(); i++) {
      key[i] = (byte) origin.charAt(i);
    }
    return key;
  }

  @Override
  public long timestamp(long number) {
    return flight(number).scheduled() + shift(number);
  }

  @Override
  public byte[] value(long number) {
    Flight flight = flight(number);
    return ByteBuffer.allocate(16)
        .putLong(timestamp(number) ^ ((long) flight.delayMinutes() << 40))
        .putInt(flight.delayMinutes())
        .putInt(flight.distance())
        .array();
  }

  @Override
  public void forEachBetween(long start, long end, EntryConsumer consumer) {
    long last = firstArrivedSince(end + MAX_DISORDER);
    for (long number = firstArrivedSince(start - MAX_DISORDER); number < last; number++) {
      long timestamp = timestamp(number);
      if (timestamp >= start && timestamp < end) {
        consumer.accept(key(number), timestamp, number);
      }
    }
  }

  /** The airports, each once. */
  List<byte[]> keys() {
    return flights.stream()
        .map(Flight::origin)
        .distinct()
        .sorted()
        .map(origin -> origin.getBytes(StandardCharsets.US_ASCII))
        .map(bytes -> ByteBuffer.allocate(Long.BYTES).put(bytes).array())
        .toList();
  }

  private static Flight parse(String line) {
    String[] columns = line.split(",", -1);
    return new Flight(
        Long.parseLong(columns[0]),
        Integer.parseInt(columns[1]),
        Integer.parseInt(columns[2]),
        columns[3]);
  }

  private Flight flight(long number) {
    return flights.get((int) (number % flights.size()));
  }

  private long shift(long number) {
    return number / flights.size() * period;
  }

  /** The number of the first event that arrived at that time or later. */
  private long firstArrivedSince(long time) {
    long low = 0;
    long high = events;
    while (low < high) {
      long middle = (low + high) >>> 1;
      Flight flight = flight(middle);
      long arrived = arrival == Arrival.SORTED ? flight.scheduled() : flight.departed();
      if (arrived + shift(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
