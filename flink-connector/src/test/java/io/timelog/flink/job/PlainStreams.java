package io.timelog.flink.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** What {@link StreamsJob} comes to, by loops over the events of each key. */
final class PlainStreams {
  private final List<String> lines = new ArrayList<>();

  private PlainStreams() {}

  /** The lines that a job over so many events has, sorted. */
  static List<String> of(long events) {
    Map<Integer, List<Event>> byKey = new LinkedHashMap<>();
    LongStream.range(0, events)
        .mapToObj(Event::of)
        .forEach(event -> byKey.computeIfAbsent(event.key, key -> new ArrayList<>()).add(event));
    PlainStreams plain = new PlainStreams();
    byKey.values().forEach(plain::ofKey);
    Collections.sort(plain.lines);
    return plain.lines;
  }

  private void ofKey(List<Event> arrived) {
    List<Event> sorted = new ArrayList<>(arrived);
    sorted.sort(Comparator.comparingLong(event -> event.time));
    List<Event> even = sorted.stream().filter(StreamsJob::isEven).toList();
    List<Event> odd = sorted.stream().filter(event -> !StreamsJob.isEven(event)).toList();
    join(even, odd);
    asOf(even, odd);
    for (int i = 0; i < arrived.size(); i++) {
      add("on event", arrived.get(i), total(arrived.subList(0, i + 1), arrived.get(i).time));
      add("on watermark", arrived.get(i), total(arrived, arrived.get(i).time));
      add("sorted", sorted.get(i), i == 0 ? null : sorted.get(i - 1));
    }
    deduplicate(arrived);
  }

  private void join(List<Event> even, List<Event> odd) {
    for (Event left : even) {
      boolean alone = true;
      for (Event right : odd) {
        if (isPair(left, right)) {
          add("full", left, right);
          alone = false;
          if (right.time - left.time > -StreamsJob.BEFORE) {
            add("inner", left, right);
          }
        }
      }
      if (alone) {
        add("full", left, null);
      }
    }
    odd.stream()
        .filter(right -> even.stream().noneMatch(left -> isPair(left, right)))
        .forEach(right -> add("full", null, right));
  }

  private static boolean isPair(Event left, Event right) {
    long distance = right.time - left.time;
    return distance >= -StreamsJob.BEFORE && distance <= StreamsJob.AFTER;
  }

  private void asOf(List<Event> even, List<Event> odd) {
    for (Event left : even) {
      Event latest =
          odd.stream()
              .filter(right -> isRecent(right, left.time, StreamsJob.SIZE + 1))
              .reduce((earlier, later) -> later)
              .orElse(null);
      add("as of", left, latest);
    }
  }

  private static long total(Collection<Event> events, long time) {
    long[] values =
        events.stream()
            .filter(event -> isRecent(event, time, StreamsJob.SIZE))
            .mapToLong(event -> event.value)
            .toArray();
    return StreamsJob.Total.of(values.length, LongStream.of(values).sum());
  }

  private static boolean isRecent(Event event, long time, long size) {
    return event.time > time - size && event.time <= time;
  }

  private void deduplicate(List<Event> arrived) {
    List<Event> passed = new ArrayList<>();
    for (Event event : arrived) {
      if (passed.stream().noneMatch(p -> Math.abs(p.time - event.time) < StreamsJob.WITHIN)) {
        passed.add(event);
        add("first", event, null);
      }
    }
  }

  private void add(String what, Event one, Event other) {
    lines.add(StreamsJob.line(what, one, other));
  }

  private void add(String what, Event event, long total) {
    lines.add(StreamsJob.line(what, event, total));
  }
}
