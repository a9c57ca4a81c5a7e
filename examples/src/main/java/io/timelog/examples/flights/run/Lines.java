package io.timelog.examples.flights.run;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Writes lines for people.
 *
 * @param out where to
 */
public record Lines(PrintWriter out) {
  /** Adds a line, with the values in the places that the format has for them. */
  public void add(String format, Object... values) {
    out.println(String.format(Locale.ENGLISH, format, values));
    out.flush();
  }
}
