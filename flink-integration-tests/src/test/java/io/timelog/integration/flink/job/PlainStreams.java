package io.timelog.integration.flink.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What comes of the operators of {@link StreamsOperator}, by loops over the readings of a sensor.
 */
public final class PlainStreams {
  /** Those that are not late, in the order of arrival. */
  private final List<Reading> arrived;

  /** The same in the order of time. */
  private final List<Reading> sorted;

  private final List<Reading> late;
  private final List<String> lines = new ArrayList<>();

  private PlainStreams(List<Reading> all) {
    arrived = all.stream().filter(reading -> !reading.isLate()).toList();
    sorted = arrived.stream().sorted(Comparator.comparingLong(Reading::time)).toList();
    late = all.stream().filter(Reading::isLate).toList();
  }

  /** The lines that a job with these operators has, in any order. */
  public static List<String> of(LateReadings input, Collection<StreamsOperator> operators) {
    return input.arrivals().stream()
        .flatMap(List::stream)
        .collect(Collectors.groupingBy(Reading::sensor))
        .values()
        .stream()
        .map(PlainStreams::new)
        .flatMap(plain -> plain.linesOf(operators).stream())
        .toList();
  }

  private List<String> linesOf(Collection<StreamsOperator> operators) {
    for (StreamsOperator operator : operators) {
      switch (operator) {
        case INTERVAL_JOIN -> {
          for (JoinSides sides : JoinSides.values()) {
            join(sides);
          }
        }
        case AS_OF_JOIN -> joinAsOf();
        case ROLLING_AGGREGATE -> roll();
        case SORT -> sort();
        case DEDUPLICATE -> deduplicate();
      }
    }
    return lines;
  }

  private static List<Reading> left(List<Reading> readings) {
    return readings.stream().filter(StreamsOperator::isLeft).toList();
  }

  private static List<Reading> right(List<Reading> readings) {
    return readings.stream().filter(reading -> !StreamsOperator.isLeft(reading)).toList();
  }

  private static boolean isPair(Reading left, Reading right) {
    long distance = right.time() - left.time();
    return -StreamsOperator.BEFORE_MILLIS <= distance && distance <= StreamsOperator.AFTER_MILLIS;
  }

  private void join(JoinSides sides) {
    String name = StreamsOperator.nameOf(sides);
    List<Reading> allLeft = left(sorted);
    List<Reading> allRight = right(sorted);
    for (Reading left : allLeft) {
      allRight.stream()
          .filter(right -> isPair(left, right))
          .forEach(right -> lines.add(Line.ofPair(name, left, right)));
      if (sides.haveLeft() && allRight.stream().noneMatch(right -> isPair(left, right))) {
        lines.add(Line.ofPair(name, left, null));
      }
    }
    if (sides.haveLeft()) {
      left(late).forEach(left -> lines.add(Line.ofPair(name, left, null)));
    }
    if (sides.haveRight()) {
      allRight.stream()
          .filter(right -> allLeft.stream().noneMatch(left -> isPair(left, right)))
          .forEach(right -> lines.add(Line.ofPair(name, null, right)));
      right(late).forEach(right -> lines.add(Line.ofPair(name, null, right)));
    }
  }

  private void joinAsOf() {
    for (Reading left : left(sorted)) {
      Reading latest =
          within(right(sorted), left.time() - StreamsOperator.KNOWN_MILLIS, left.time()).stream()
              .reduce((earlier, later) -> later)
              .orElse(null);
      lines.add(Line.ofPair(StreamsOperator.AS_OF, left, latest));
    }
    left(late).forEach(left -> lines.add(Line.ofPair(StreamsOperator.AS_OF, left, null)));
  }

  private static List<Reading> within(List<Reading> readings, long first, long last) {
    return readings.stream()
        .filter(reading -> first <= reading.time() && reading.time() <= last)
        .toList();
  }

  private void roll() {
    for (int i = 0; i < arrived.size(); i++) {
      Reading reading = arrived.get(i);
      List<Reading> byThen =
          arrived.subList(0, i + 1).stream()
              .sorted(Comparator.comparingLong(Reading::time))
              .toList();
      lines.add(Line.of(StreamsOperator.ON_EVENT, reading, traceAt(reading.time(), byThen)));
      lines.add(Line.of(StreamsOperator.ON_WATERMARK, reading, traceAt(reading.time(), sorted)));
    }
    addLate(StreamsOperator.ON_EVENT);
    addLate(StreamsOperator.ON_WATERMARK);
  }

  private static long traceAt(long time, List<Reading> readings) {
    return Trace.of(within(readings, time - StreamsOperator.SIZE_MILLIS + 1, time));
  }

  private void sort() {
    Reading predecessor = null;
    for (Reading reading : sorted) {
      lines.add(Line.ofPair(StreamsOperator.SORTED, reading, predecessor));
      predecessor = reading;
    }
    addLate(StreamsOperator.SORTED);
  }

  private void deduplicate() {
    List<Reading> passed = new ArrayList<>();
    for (Reading reading : arrived) {
      if (passed.stream().noneMatch(other -> isSame(reading, other))) {
        passed.add(reading);
        lines.add(Line.of(StreamsOperator.FIRST, reading));
      }
    }
    addLate(StreamsOperator.FIRST);
  }

  private static boolean isSame(Reading one, Reading other) {
    return Math.abs(one.time() - other.time()) < StreamsOperator.WITHIN_MILLIS;
  }

  private void addLate(String name) {
    late.forEach(reading -> lines.add(Line.of(StreamsOperator.lateFor(name), reading)));
  }
}
