package io.timelog.examples.flights.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The flights that come with this module; {@code PROVENANCE.md} beside the file says whence. */
public final class FlightFile {
  private static final String RESOURCE = "flights-2001-week1.csv.gz";

  private FlightFile() {}

  /**
   * The first {@code limit} flights in the order in which they were observed, or all if there are
   * fewer.
   */
  public static List<Flight> read(long limit) throws IOException {
    try (InputStream resource = FlightFile.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new FileNotFoundException("Resource is missing: " + RESOURCE);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), UTF_8));
      return lines
          .lines()
          .skip(1)
          .map(Flight::parse)
          .sorted(Comparator.comparingLong(Flight::observedMillis))
          .limit(limit)
          .toList();
    }
  }
}
