package io.timelog.examples.firststeps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.Cursor;
import io.timelog.MemoryBudget;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Parcels on their way: two million scans, in roughly the order in which they happened; where one
 * parcel was; and everything older than a week forgotten in one step.
 */
public final class FirstSteps {
  /** Scans of parcels. */
  static final int SCANS = 2_000_000;

  private static final int PARCELS = 20_000;
  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;

  /** Two weeks, of which the second is kept. */
  private static final long SPAN = 14 * DAY;

  private static final long KEPT = 7 * DAY;

  /** A scan is reported so much too late at most. */
  private static final long DELAY = HOUR;

  private static final String[] PLACES = {"depot", "truck", "ferry", "customs", "van", "door"};

  private final PrintStream out;
  private final SplittableRandom random = new SplittableRandom(1);

  FirstSteps(PrintStream out) {
    this.out = out;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    new FirstSteps(System.out).run(SCANS);
  }

  /**
   * Runs with so many scans.
   *
   * @return how many are left at the end
   */
  long run(int scans) {
    MemoryBudget budget = MemoryBudget.ofBytes(256L << 20);
    try (TimelogStore store = TimelogStore.builder().memoryBudget(budget).build()) {
      Table parcels =
          store.createTable(TableOptions.multimap("parcels").windowSize(DAY, 0).build());

      say("Two weeks of parcels, a window of the table for each day.");
      long start = System.nanoTime();
      append(parcels, scans);
      double seconds = (System.nanoTime() - start) / 1e9;
      say(
          "  appended   %,9d scans of %,d parcels, up to an hour out of order, in %.2f s: %.0f ns each",
          scans, PARCELS, seconds, seconds / scans * 1e9);
      say("  in memory  %,9d KiB", budget.usedBytes() >> 10);

      show(parcels);

      start = System.nanoTime();
      parcels.deleteBefore(SPAN - KEPT);
      double micros = (System.nanoTime() - start) / 1e3;
      long left = parcels.stats().sizeEstimate();
      say("");
      say("Forget everything that is older than a week.");
      say("  forgotten  %,9d scans, in %.0f µs", scans - left, micros);
      say("  left       %,9d", left);
      return left;
    }
  }

  private void append(Table parcels, int scans) {
    for (int i = 0; i < scans; i++) {
      long happened = SPAN * i / scans;
      long reported = Math.max(0, happened - random.nextLong(DELAY));
      int parcel = random.nextInt(PARCELS);
      String place = PLACES[random.nextInt(PLACES.length)];
      parcels.append(key(parcel), reported, place.getBytes(UTF_8));
    }
  }

  private void show(Table parcels) {
    byte[] parcel = key(4711);
    TimeRange lastDay = TimeRange.of(SPAN - DAY, SPAN);
    say("");
    say("Where was parcel 4711 on the last day?");
    try (Cursor scans = parcels.scan(parcel, lastDay)) {
      while (scans.advance()) {
        long minutes = (scans.timestamp() - lastDay.first()) / 60_000;
        say("  %02d:%02d      %s", minutes / 60, minutes % 60, new String(scans.value(), UTF_8));
      }
    }
  }

  private static byte[] key(int parcel) {
    return ("parcel-" + parcel).getBytes(UTF_8);
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ENGLISH, format, values));
  }
}
