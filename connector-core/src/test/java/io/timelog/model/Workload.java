package io.timelog.model;

import static io.timelog.KeyGroups.FIRST_BYTE;
import static io.timelog.KeyGroups.FIRST_TWO_BYTES;
import static io.timelog.KeyGroups.NONE;
import static io.timelog.LateEntries.ACCEPT;
import static io.timelog.LateEntries.REFUSE;
import static io.timelog.model.Rule.MAP;
import static io.timelog.model.Rule.MULTIMAP;

import java.util.List;

/** The tables of one store and what is written to them. */
record Workload(String name, List<TableSpec> tables) {
  /** All workloads. */
  static final List<Workload> ALL =
      List.of(
          of(
              "one key, in order",
              new TableSpec(
                  "log",
                  MULTIMAP,
                  ACCEPT,
                  1,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.IN_ORDER,
                  1,
                  4_000,
                  16)),
          of(
              "few keys, some late",
              new TableSpec(
                  "events",
                  MULTIMAP,
                  ACCEPT,
                  7,
                  KeyShape.PREFIXES,
                  FIRST_BYTE,
                  TimePattern.SOME_LATE,
                  3,
                  6_000,
                  40),
              new TableSpec(
                  "windows",
                  MAP,
                  REFUSE,
                  5,
                  KeyShape.PREFIXES,
                  FIRST_BYTE,
                  TimePattern.ALIGNED,
                  1,
                  2_000,
                  16)),
          of(
              "many keys, some late",
              new TableSpec(
                  "events",
                  MULTIMAP,
                  REFUSE,
                  1_000,
                  KeyShape.LONGS,
                  FIRST_TWO_BYTES,
                  TimePattern.SOME_LATE,
                  1_000,
                  8_000,
                  16)),
          of(
              "keys seen once",
              new TableSpec(
                  "sessions",
                  MAP,
                  ACCEPT,
                  10_000,
                  KeyShape.LONG_PREFIX,
                  FIRST_TWO_BYTES,
                  TimePattern.SOME_LATE,
                  5,
                  3_000,
                  30)),
          of(
              "shuffled",
              new TableSpec(
                  "left",
                  MULTIMAP,
                  ACCEPT,
                  50,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.SHUFFLED,
                  2,
                  5_000,
                  30),
              new TableSpec(
                  "right",
                  MULTIMAP,
                  REFUSE,
                  50,
                  KeyShape.LONGS,
                  FIRST_BYTE,
                  TimePattern.SHUFFLED,
                  2,
                  5_000,
                  30)),
          of(
              "ties",
              new TableSpec(
                  "ties",
                  MULTIMAP,
                  ACCEPT,
                  20,
                  KeyShape.PREFIXES,
                  NONE,
                  TimePattern.TIED,
                  10,
                  4_000,
                  12)),
          of(
              "large values",
              new TableSpec(
                  "large",
                  MULTIMAP,
                  ACCEPT,
                  30,
                  KeyShape.PREFIXES,
                  NONE,
                  TimePattern.SOME_LATE,
                  1,
                  1_000,
                  5_000),
              new TableSpec(
                  "largest",
                  MAP,
                  ACCEPT,
                  30,
                  KeyShape.LONG_PREFIX,
                  FIRST_BYTE,
                  TimePattern.ALIGNED,
                  1,
                  500,
                  5_000)),
          of(
              "rows alike",
              new TableSpec(
                  "events",
                  MULTIMAP,
                  ACCEPT,
                  3,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.SOME_LATE,
                  1,
                  4_000,
                  ValueSizes.ALIKE,
                  100),
              new TableSpec(
                  "list",
                  MULTIMAP,
                  ACCEPT,
                  2,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.IN_ORDER,
                  1,
                  3_000,
                  ValueSizes.ALIKE,
                  16),
              new TableSpec(
                  "map",
                  MAP,
                  ACCEPT,
                  2,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.SOME_LATE,
                  1,
                  3_000,
                  ValueSizes.ALIKE,
                  120)),
          of(
              "around zero",
              new TableSpec(
                  "multimap",
                  MULTIMAP,
                  REFUSE,
                  40,
                  KeyShape.LONGS,
                  FIRST_BYTE,
                  TimePattern.AROUND_ZERO,
                  7,
                  3_000,
                  20),
              new TableSpec(
                  "map",
                  MAP,
                  ACCEPT,
                  40,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.AROUND_ZERO,
                  1,
                  3_000,
                  20)),
          of(
              "centuries",
              new TableSpec(
                  "multimap",
                  MULTIMAP,
                  ACCEPT,
                  25,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.CENTURIES,
                  1,
                  2_000,
                  20),
              new TableSpec(
                  "map",
                  MAP,
                  REFUSE,
                  25,
                  KeyShape.LONGS,
                  FIRST_BYTE,
                  TimePattern.CENTURIES,
                  1,
                  2_000,
                  20)),
          of(
              "hostile",
              new TableSpec(
                  "multimap",
                  MULTIMAP,
                  ACCEPT,
                  30,
                  KeyShape.PREFIXES,
                  FIRST_BYTE,
                  TimePattern.HOSTILE,
                  1,
                  2_000,
                  20),
              new TableSpec(
                  "map",
                  MAP,
                  ACCEPT,
                  30,
                  KeyShape.PREFIXES,
                  NONE,
                  TimePattern.HOSTILE,
                  1_000,
                  2_000,
                  20)),
          of(
              "without time",
              new TableSpec(
                  "values",
                  MAP,
                  ACCEPT,
                  500,
                  KeyShape.LONGS,
                  FIRST_TWO_BYTES,
                  TimePattern.TIMELESS,
                  1,
                  4_000,
                  24),
              new TableSpec(
                  "lists",
                  MULTIMAP,
                  ACCEPT,
                  100,
                  KeyShape.LONGS,
                  FIRST_TWO_BYTES,
                  TimePattern.TIMELESS,
                  1,
                  3_000,
                  24)),
          of(
              "replaced values",
              new TableSpec(
                  "values",
                  MAP,
                  ACCEPT,
                  60,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.TIMELESS,
                  1,
                  400,
                  ValueSizes.OF_EVERY_SIZE,
                  40_000),
              new TableSpec(
                  "lists",
                  MULTIMAP,
                  ACCEPT,
                  20,
                  KeyShape.LONGS,
                  FIRST_BYTE,
                  TimePattern.TIMELESS,
                  1,
                  60,
                  ValueSizes.OF_EVERY_SIZE,
                  9_000)),
          of(
              "few entries under many snapshots",
              new TableSpec(
                  "hot",
                  MAP,
                  ACCEPT,
                  3,
                  KeyShape.LONGS,
                  NONE,
                  TimePattern.TIED,
                  5,
                  60,
                  ValueSizes.VARIED,
                  200),
              new TableSpec(
                  "queue",
                  MULTIMAP,
                  REFUSE,
                  2,
                  KeyShape.PREFIXES,
                  FIRST_BYTE,
                  TimePattern.SOME_LATE,
                  3,
                  80,
                  ValueSizes.OF_EVERY_SIZE,
                  3_000)),
          of(
              "windows of a stream",
              new TableSpec(
                  "counts",
                  MAP,
                  REFUSE,
                  300,
                  KeyShape.LONGS,
                  FIRST_TWO_BYTES,
                  TimePattern.ALIGNED,
                  100,
                  5_000,
                  8),
              new TableSpec(
                  "values",
                  MAP,
                  ACCEPT,
                  100,
                  KeyShape.LONGS,
                  FIRST_TWO_BYTES,
                  TimePattern.TIMELESS,
                  1,
                  1_000,
                  8),
              new TableSpec(
                  "join",
                  MULTIMAP,
                  REFUSE,
                  300,
                  KeyShape.LONGS,
                  FIRST_TWO_BYTES,
                  TimePattern.SOME_LATE,
                  100,
                  5_000,
                  8)));

  private static Workload of(String name, TableSpec... tables) {
    return new Workload(name, List.of(tables));
  }

  /** The workload that belongs to a seed. */
  static Workload of(long seed) {
    return ALL.get((int) Math.floorMod(seed, (long) ALL.size()));
  }

  /** About how many entries all tables have together. */
  int liveEntries() {
    return tables.stream().mapToInt(TableSpec::liveEntries).sum();
  }

  @Override
  public String toString() {
    return name;
  }
}
