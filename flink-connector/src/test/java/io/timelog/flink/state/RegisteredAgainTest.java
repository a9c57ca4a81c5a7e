package io.timelog.flink.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Entry;
import io.timelog.TimeRange;
import io.timelog.flink.fixture.Subtasks;
import io.timelog.summary.LongSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.runtime.state.ttl.TtlStateFactory;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.runtime.testutils.statemigration.TestType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A state is described anew, to a backend that has it already as Flink's changelog does it, or to
 * one that was restored: what was summarized is that of the values there are, before and after.
 */
final class RegisteredAgainTest {
  private static final int VALUES = 2_000;

  private static final RangeSummary<TestType, LongSummary, LongSummary> NUMBERS =
      RangeSummary.ofLongs(TestType::getValue);
  private static final RangeSummary<TestType, LongSummary, LongSummary> LENGTHS =
      RangeSummary.ofLongs(value -> value.getKey().length());

  @TempDir private Path folder;

  /** How the values are written when the state is described again. */
  enum Serialized {
    AS_BEFORE {
      @Override
      TypeSerializer<TestType> again() {
        return FIRST;
      }
    },
    OTHERWISE {
      @Override
      TypeSerializer<TestType> again() {
        return new TestType.V2TestTypeSerializer();
      }
    };

    private static final TypeSerializer<TestType> FIRST = new TestType.V1TestTypeSerializer();

    abstract TypeSerializer<TestType> again();
  }

  /** What happens to the state between two questions. */
  enum Change {
    NOTHING {
      @Override
      void to(TimeIndexedState<TestType> state) {}
    },
    APPEND_IN_ORDER {
      @Override
      void to(TimeIndexedState<TestType> state) {
        state.append(VALUES, new TestType("newest", 7));
      }
    },
    APPEND_OUT_OF_ORDER {
      @Override
      void to(TimeIndexedState<TestType> state) {
        state.append(500, new TestType("between", 1_000_000));
      }
    },
    DELETE_RANGE {
      @Override
      void to(TimeIndexedState<TestType> state) {
        state.deleteRange(600, 700);
      }
    },
    DELETE_BEFORE {
      @Override
      void to(TimeIndexedState<TestType> state) {
        state.deleteBefore(900);
      }
    },
    CLEAR {
      @Override
      void to(TimeIndexedState<TestType> state) {
        state.clear();
      }
    },
    CLEAR_AND_FILL {
      @Override
      void to(TimeIndexedState<TestType> state) {
        state.clear();
        for (int i = 0; i < VALUES; i++) {
          state.append(i, new TestType("other", -i));
        }
      }
    };

    abstract void to(TimeIndexedState<TestType> state);
  }

  static Stream<Arguments> again() {
    return Stream.of(Variant.TIMELOG, Variant.HEAP, Variant.ROCKSDB)
        .flatMap(
            on ->
                Stream.of(Serialized.values())
                    .flatMap(
                        serialized ->
                            Stream.of(Change.values())
                                .map(change -> Arguments.of(on, serialized, change))));
  }

  private static MapStateDescriptor<Long, List<TestType>> events(TypeSerializer<TestType> values) {
    return new TimeIndexedStateDescriptor<>("events", values);
  }

  /** Describes the state to a backend that may have it by then. */
  private static TimeIndexedState<TestType> register(
      AbstractKeyedStateBackend<String> backend, TypeSerializer<TestType> values) throws Exception {
    InternalMapState<String, VoidNamespace, Long, List<TestType>> map =
        backend.createOrUpdateInternalState(
            VoidNamespaceSerializer.INSTANCE,
            events(values),
            StateSnapshotTransformFactory.noTransform(),
            true);
    map.setCurrentNamespace(VoidNamespace.INSTANCE);
    return TimeIndexedStates.over(map);
  }

  private static void fill(TimeIndexedState<TestType> state) {
    for (int i = 0; i < VALUES; i++) {
      state.append(i, new TestType("name " + i, i));
    }
  }

  /** Ranges that have everything, and such that begin and end somewhere. */
  private static void requireRight(
      TimeIndexedState<TestType> state,
      RangeAggregate<LongSummary> aggregate,
      RangeSummary<TestType, LongSummary, LongSummary> summary) {
    for (TimeRange range :
        List.of(TimeRange.all(), TimeRange.of(100, 1_900), TimeRange.of(490, 510))) {
      List<TestType> values = new ArrayList<>();
      LongSummary expected = summary.summarizer().none();
      for (Entry<TestType> entry : state.range(range)) {
        values.add(entry.value());
        expected = summary.summarizer().add(expected, entry.timestamp(), entry.value());
      }
      assertThat(aggregate.over(range))
          .as("%s of %s values", range, values.size())
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0}, values {1}, {2}")
  @MethodSource("again")
  void stateThatIsRegisteredAgain_isSummarizedAnew(Variant on, Serialized values, Change change)
      throws Exception {
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).open()) {
      AbstractKeyedStateBackend<String> backend = subtasks.at("key");
      TimeIndexedState<TestType> state = register(backend, Serialized.FIRST);
      RangeAggregate<LongSummary> numbers = state.aggregate(NUMBERS);
      fill(state);
      requireRight(state, numbers, NUMBERS);

      TimeIndexedState<TestType> again = register(backend, values.again());
      requireRight(again, numbers, NUMBERS);
      change.to(again);

      requireRight(again, numbers, NUMBERS);
      requireRight(again, again.aggregate(NUMBERS), NUMBERS);
      RangeAggregate<LongSummary> lengths = again.aggregate(LENGTHS);
      requireRight(again, lengths, LENGTHS);
      Change.APPEND_OUT_OF_ORDER.to(again);
      requireRight(again, numbers, NUMBERS);
      requireRight(again, lengths, LENGTHS);
    }
  }

  @ParameterizedTest(name = "{0}, values {1}, {2}")
  @MethodSource("again")
  void restoredState_isSummarizedAnew_withAnotherSummary(
      Variant on, Serialized values, Change change) throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).open()) {
      TimeIndexedState<TestType> state =
          TimeIndexedStates.of(subtasks.at("key"), events(Serialized.FIRST));
      fill(state);
      requireRight(state, state.aggregate(NUMBERS), NUMBERS);
      checkpoint = subtasks.checkpoint(1).finish();
    }
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).restoring(checkpoint).open()) {
      TimeIndexedState<TestType> state =
          TimeIndexedStates.of(subtasks.at("key"), events(values.again()));
      RangeAggregate<LongSummary> lengths = state.aggregate(LENGTHS);
      requireRight(state, lengths, LENGTHS);
      change.to(state);

      requireRight(state, lengths, LENGTHS);
      requireRight(state, state.aggregate(NUMBERS), NUMBERS);
    }
  }

  /** As it comes about when Flink's changelog has described the state as it was before. */
  @ParameterizedTest
  @EnumSource(names = {"TIMELOG", "HEAP", "ROCKSDB"})
  void stateThatGetsATimeToLive_isRight(Variant on) throws Exception {
    try (Subtasks subtasks = Subtasks.of(on.backend(folder)).open()) {
      AbstractKeyedStateBackend<String> backend = subtasks.at("key");
      TimeIndexedState<TestType> state = register(backend, Serialized.FIRST);
      requireRight(state, state.aggregate(NUMBERS), NUMBERS);
      fill(state);
      requireRight(state, state.aggregate(NUMBERS), NUMBERS);

      MapStateDescriptor<Long, List<TestType>> expiring = events(Serialized.FIRST);
      expiring.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
      InternalMapState<String, VoidNamespace, Long, List<TestType>> map =
          TtlStateFactory.createStateAndWrapWithTtlIfEnabled(
              VoidNamespaceSerializer.INSTANCE, expiring, backend, TtlTimeProvider.DEFAULT);
      map.setCurrentNamespace(VoidNamespace.INSTANCE);
      TimeIndexedState<TestType> again = TimeIndexedStates.over(map);

      assertThat(again.count()).isEqualTo(VALUES);
      RangeAggregate<LongSummary> numbers = again.aggregate(NUMBERS);
      Change.APPEND_OUT_OF_ORDER.to(again);
      Change.DELETE_RANGE.to(again);
      requireRight(again, numbers, NUMBERS);
      assertThat(numbers.over().count()).isEqualTo(VALUES - 99);
    }
  }
}
