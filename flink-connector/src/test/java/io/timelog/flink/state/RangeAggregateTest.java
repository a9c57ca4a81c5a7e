package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.summary.DoubleSummary;
import io.timelog.summary.LongSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Aggregates over ranges of time-indexed state, which are alike on every backend. */
final class RangeAggregateTest {
  private static final RangeSummary<String, LongSummary, LongSummary> NUMBERS =
      RangeSummary.ofLongs(Long::parseLong);

  @TempDir private Path folder;

  private static MapStateDescriptor<Long, List<String>> events() {
    return new TimeIndexedStateDescriptor<>("events", StringSerializer.INSTANCE);
  }

  private EventStates open(Variant on) throws Exception {
    return EventStates.open(on, folder, events());
  }

  private static void append(TimeIndexedState<String> state, int first, int last) {
    for (int i = first; i < last; i++) {
      state.append(i, Integer.toString(i));
    }
  }

  private static ValueTrace scanned(TimeIndexedState<String> state, TimeRange range) {
    ValueTrace trace = ValueTrace.NONE;
    for (Entry<String> entry : state.range(range)) {
      trace = trace.with(entry.timestamp(), entry.value());
    }
    return trace;
  }

  /** The mean, as a job has it for its windows. */
  private static final class Mean implements AggregateFunction<String, Tuple2<Long, Long>, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Tuple2<Long, Long> createAccumulator() {
      return Tuple2.of(0L, 0L);
    }

    @Override
    public Tuple2<Long, Long> add(String value, Tuple2<Long, Long> accumulator) {
      accumulator.f0++;
      accumulator.f1 += Long.parseLong(value);
      return accumulator;
    }

    @Override
    public Double getResult(Tuple2<Long, Long> accumulator) {
      return accumulator.f0 == 0 ? Double.NaN : (double) accumulator.f1 / accumulator.f0;
    }

    @Override
    public Tuple2<Long, Long> merge(Tuple2<Long, Long> one, Tuple2<Long, Long> other) {
      return Tuple2.of(one.f0 + other.f0, one.f1 + other.f1);
    }
  }

  /** The number of values, with an accumulator that cannot be changed. */
  private static class Count implements AggregateFunction<String, Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(String value, Long accumulator) {
      return accumulator + 1;
    }

    @Override
    public Long getResult(Long accumulator) {
      return accumulator;
    }

    @Override
    public Long merge(Long one, Long other) {
      return one + other;
    }
  }

  /** As somebody has it whose windows never merge. */
  private static final class Unmerged extends Count {
    private static final long serialVersionUID = 1L;

    @Override
    public Long merge(Long one, Long other) {
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aggregate_isOfTheValuesInTheRange_ofTheCurrentKey(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("a");
      RangeAggregate<LongSummary> numbers = state.aggregate(NUMBERS);
      append(state, 0, 1_000);
      states.at("b").append(10, "77");

      assertThat(numbers.over(10, 20).sum()).isEqualTo(77);
      assertThat(numbers.over().count()).isEqualTo(1);
      states.at("a");
      assertThat(numbers.over(10, 20).sum()).isEqualTo(145);
      assertThat(numbers.over(Instant.ofEpochMilli(10), Instant.ofEpochMilli(20)).min())
          .hasValue(10);
      assertThat(numbers.over(20, 10)).isEqualTo(NUMBERS.summarizer().none());
      states.at("c");
      assertThat(numbers.over().max()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void functionsOfFlink_areAggregated(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      TimeIndexedState<String> state = states.at("a");
      RangeAggregate<Double> mean =
          state.aggregate(RangeSummary.of(new Mean(), Types.TUPLE(Types.LONG, Types.LONG)));
      RangeAggregate<Long> count =
          state.aggregate(RangeSummary.of(new Count(), LongSerializer.INSTANCE));
      RangeAggregate<DoubleSummary> halves =
          state.aggregate(RangeSummary.ofDoubles(value -> Long.parseLong(value) / 2.0));
      assertThat(mean.over()).isNaN();
      append(state, 0, 1_000);

      for (int i = 0; i < 3; i++) {
        assertThat(mean.over()).isEqualTo(499.5);
        assertThat(mean.over(100, 201)).isEqualTo(150);
        assertThat(count.over(100, 900)).isEqualTo(800);
        assertThat(halves.over(10, 12).sum()).isEqualTo(10.5);
      }
      state.append(50, "1000000");
      state.deleteBefore(20);
      assertThat(count.over()).isEqualTo(981);
      assertThat(mean.over(50, 51)).isEqualTo(500_025);
    }
  }

  @Test
  void functionWithoutMerge_isNamed() throws Exception {
    try (EventStates states = open(Variant.TIMELOG)) {
      TimeIndexedState<String> state = states.at("a");
      append(state, 0, 1_000);
      RangeAggregate<Long> count =
          state.aggregate(RangeSummary.of(new Unmerged(), LongSerializer.INSTANCE));

      assertThatThrownBy(count::over)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("The merge method of an aggregate function returned null.")
          .hasMessageEndingWith("function=" + Unmerged.class.getName());
    }
  }

  @Test
  void onTimelog_fewValuesAreRead() throws Exception {
    AtomicLong read = new AtomicLong();
    RangeSummary<String, LongSummary, LongSummary> counted =
        RangeSummary.ofLongs(
            value -> {
              read.incrementAndGet();
              return value.length();
            });
    try (EventStates states = open(Variant.TIMELOG)) {
      TimeIndexedState<String> state = states.ofFunctionAt("a");
      RangeAggregate<LongSummary> lengths = state.aggregate(counted);
      append(state, 0, 20_000);
      assertThat(lengths.over().count()).isEqualTo(20_000);
      read.set(0);

      assertThat(lengths.over(3_000, 17_000).count()).isEqualTo(14_000);

      assertThat(read).hasValueLessThan(500);
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesThroughTheMap_areSeen(Variant on) throws Exception {
    try (EventStates states = open(on)) {
      RangeAggregate<ValueTrace> traces = states.at("a").aggregate(ValueTrace.SUMMARY);
      TimeIndexedState<String> state = states.at("a");
      append(state, 0, 2_000);
      traces.over();

      states.mapAt("a").put(500L, new ArrayList<>(List.of("x", "y", "z")));
      assertThat(traces.over()).isEqualTo(scanned(state, TimeRange.all()));
      states.mapAt("a").remove(700L);
      assertThat(traces.over()).isEqualTo(scanned(state, TimeRange.all()));
      List<String> list = states.mapAt("a").get(900L);
      list.add("added");
      states.mapAt("a").put(900L, list);
      assertThat(traces.over()).isEqualTo(scanned(state, TimeRange.all()));
      states.mapAt("a").put(950L, new ArrayList<>());
      assertThat(traces.over()).isEqualTo(scanned(state, TimeRange.all()));
      assertThat(traces.over().count()).isEqualTo(2_001);
      states.mapAt("a").clear();
      assertThat(traces.over()).isEqualTo(ValueTrace.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeToLive_isKept(Variant on) throws Exception {
    MapStateDescriptor<Long, List<String>> descriptor = events();
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofMillis(100)).build());
    MockTtlTimeProvider clock = new MockTtlTimeProvider();
    clock.setCurrentTimestamp(0);
    try (EventStates states = EventStates.open(on, folder, descriptor, 1, List.of(), clock)) {
      TimeIndexedState<String> state = states.at("a");
      RangeAggregate<LongSummary> numbers = state.aggregate(NUMBERS);
      append(state, 0, 300);
      clock.setCurrentTimestamp(60);
      append(state, 300, 500);
      assertThat(numbers.over().count()).isEqualTo(500);

      clock.setCurrentTimestamp(110);

      assertThat(numbers.over().count()).isEqualTo(200);
      assertThat(numbers.over().min()).hasValue(300);
    }
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Variant.TIMELOG, Variant.HEAP, Variant.ROCKSDB)
        .flatMap(
            from ->
                Stream.of(Variant.TIMELOG, Variant.HEAP, Variant.ROCKSDB)
                    .map(to -> Arguments.of(from, to)));
  }

  /**
   * A job with aggregates, then one that knows of none and changes what was summarized, and back.
   */
  @ParameterizedTest(name = "from {0} to {1}")
  @MethodSource("pairs")
  void jobsWithoutAggregates_mayHaveRunInBetween(Variant from, Variant to) throws Exception {
    List<KeyedStateHandle> savepoint;
    try (EventStates states = EventStates.open(from, folder, events(), 2, List.of())) {
      TimeIndexedState<String> state = states.at("a");
      append(state, 0, 2_000);
      assertThat(state.aggregate(NUMBERS).over().count()).isEqualTo(2_000);
      savepoint = states.subtasks().savepoint(1).finish();
    }
    try (EventStates states = EventStates.open(to, folder, events(), 1, savepoint)) {
      TimeIndexedState<String> state = states.at("a");
      state.append(500, "1000000");
      state.deleteRange(600, 700);
      savepoint = states.subtasks().savepoint(2).finish();
    }
    try (EventStates states = EventStates.open(from, folder, events(), 3, savepoint)) {
      TimeIndexedState<String> state = states.at("a");
      RangeAggregate<LongSummary> numbers = state.aggregate(NUMBERS);
      RangeAggregate<ValueTrace> traces = state.aggregate(ValueTrace.SUMMARY);
      for (int i = 0; i < 2; i++) {
        assertThat(numbers.over().count()).isEqualTo(1_901);
        assertThat(numbers.over().max()).hasValue(1_000_000);
        assertThat(traces.over()).isEqualTo(scanned(state, TimeRange.all()));
      }
    }
  }

  @Test
  void checkpoint_hasTheStateAndNoSummaries() throws Exception {
    List<KeyedStateHandle> with;
    List<KeyedStateHandle> without;
    try (EventStates states = open(Variant.TIMELOG)) {
      append(states.at("a"), 0, 5_000);
      without = states.subtasks().checkpoint(1).finish();
      assertThat(states.at("a").aggregate(NUMBERS).over().count()).isEqualTo(5_000);
      with = states.subtasks().checkpoint(2).finish();
    }
    assertThat(size(with)).isEqualTo(size(without));
    try (EventStates states = EventStates.open(Variant.TIMELOG, folder, events(), 2, with)) {
      assertThat(states.at("a").aggregate(NUMBERS).over().count()).isEqualTo(5_000);
    }
  }

  private static long size(List<KeyedStateHandle> handles) {
    return handles.stream().mapToLong(KeyedStateHandle::getStateSize).sum();
  }

  /** A rolling range over events of which some are late, through restarts of several subtasks. */
  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "TIMELOG_MEASURED", "HEAP"})
  void rollingRanges_areThoseOfAScan(Variant on) throws Exception {
    Random random = new Random(11);
    List<KeyedStateHandle> savepoint = List.of();
    long now = 0;
    for (int restart = 0; restart < 4; restart++) {
      try (EventStates states =
          EventStates.open(on, folder, events(), 1 + restart % 3, savepoint)) {
        for (int i = 0; i < 1_500; i++) {
          TimeIndexedState<String> state = states.at("key " + random.nextInt(2));
          for (int j = random.nextInt(5); j >= 0; j--) {
            now += random.nextInt(10);
            state.append(random.nextInt(5) == 0 ? now - random.nextInt(8_000) : now, "value " + j);
          }
          state.deleteBefore(now - 10_000);
          if (random.nextInt(30) == 0) {
            state.deleteRange(now - random.nextInt(9_000), now - random.nextInt(9_000));
          }
          RangeAggregate<ValueTrace> traces = state.aggregate(ValueTrace.SUMMARY);
          long start = now - random.nextInt(11_000);
          if (i % 10 == 0) {
            TimeRange range = random.nextBoolean() ? TimeRange.since(start) : TimeRange.all();
            assertThat(traces.over(range)).isEqualTo(scanned(state, range));
          } else if (random.nextBoolean()) {
            traces.over(start, now);
          }
        }
        savepoint = states.subtasks().savepoint(restart).finish();
      }
    }
  }
}
