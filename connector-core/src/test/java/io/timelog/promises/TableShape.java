package io.timelog.promises;

import io.timelog.TableOptions;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** The shapes of tables for which a promise holds alike. */
record TableShape(Rows rows, Windows windows) {
  /** Width of the windows of {@link Windows#DECLARED}, in ticks. */
  static final long WINDOW_TICKS = 1_000;

  /** Map or multimap. */
  enum Rows {
    MAP,
    MULTIMAP
  }

  /** How a table cuts time. */
  enum Windows {
    ADAPTIVE,
    DECLARED,
    UNBOUNDED
  }

  static Stream<TableShape> all() {
    return Arrays.stream(Rows.values())
        .flatMap(rows -> Arrays.stream(Windows.values()).map(each -> new TableShape(rows, each)));
  }

  /** A map with windows as the store likes. */
  static TableShape map() {
    return new TableShape(Rows.MAP, Windows.ADAPTIVE);
  }

  /** A multimap with windows as the store likes. */
  static TableShape multimap() {
    return new TableShape(Rows.MULTIMAP, Windows.ADAPTIVE);
  }

  boolean isMap() {
    return rows == Rows.MAP;
  }

  TableOptions.Builder options(String name) {
    TableOptions.Builder options = isMap() ? TableOptions.map(name) : TableOptions.multimap(name);
    return switch (windows) {
      case ADAPTIVE -> options;
      case DECLARED -> options.windowSize(WINDOW_TICKS, 0);
      case UNBOUNDED -> options.unbounded();
    };
  }

  @Override
  public String toString() {
    return (rows + ", " + windows + " windows").toLowerCase(Locale.ROOT);
  }
}
