package io.timelog.flink.ttl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.Subtasks;
import java.time.Duration;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Entries whose time to live is over leave when the engine writes their table anew, so that a slot
 * has room for what is alive however much was written.
 */
final class CompactionCleanupTest {
  private static final int ROUNDS = 200;
  private static final int KEYS = 200;
  private static final String TEXT = "x".repeat(200);

  private final MockTtlTimeProvider time = new MockTtlTimeProvider();
  private Subtasks subtasks;

  enum Kind {
    VALUE {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new ValueStateDescriptor<>("state", StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((ValueState<String>) state).update(TEXT);
      }

      @Override
      boolean isFilled(State state) throws Exception {
        return ((ValueState<?>) state).value() != null;
      }
    },
    LIST {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new ListStateDescriptor<>("state", StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((ListState<String>) state).add(TEXT);
      }

      @Override
      boolean isFilled(State state) throws Exception {
        Iterable<?> elements = ((ListState<?>) state).get();
        return elements != null && elements.iterator().hasNext();
      }
    },
    REDUCING {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new ReducingStateDescriptor<>(
            "state", (left, right) -> right, StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((ReducingState<String>) state).add(TEXT);
      }

      @Override
      boolean isFilled(State state) throws Exception {
        return ((ReducingState<?>) state).get() != null;
      }
    },
    TEXT_MAP {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new MapStateDescriptor<>(
            "state", StringSerializer.INSTANCE, StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((MapState<String, String>) state).put("key", TEXT);
      }

      @Override
      boolean isFilled(State state) throws Exception {
        return !((MapState<?, ?>) state).isEmpty();
      }
    },
    LONG_MAP {
      @Override
      StateDescriptor<?, ?> descriptor() {
        return new MapStateDescriptor<>(
            "state", LongSerializer.INSTANCE, StringSerializer.INSTANCE);
      }

      @Override
      @SuppressWarnings("unchecked")
      void fill(State state) throws Exception {
        ((MapState<Long, String>) state).put(10L, TEXT);
      }

      @Override
      boolean isFilled(State state) throws Exception {
        return !((MapState<?, ?>) state).isEmpty();
      }
    };

    abstract StateDescriptor<?, ?> descriptor();

    abstract void fill(State state) throws Exception;

    abstract boolean isFilled(State state) throws Exception;
  }

  @BeforeEach
  void open() throws Exception {
    time.time = 0;
    Configuration configuration = new Configuration();
    configuration.set(TimelogOptions.FIXED_MEMORY_PER_SLOT, MemorySize.ofMebiBytes(4));
    subtasks = Subtasks.of(Backends.configured(configuration)).clock(time).open();
  }

  @AfterEach
  void close() throws Exception {
    subtasks.close();
  }

  private static StateTtlConfig.Builder timeToLive() {
    return StateTtlConfig.newBuilder(Duration.ofSeconds(1)).disableCleanupInBackground();
  }

  @ParameterizedTest
  @EnumSource
  void stateOfWhichLittleIsAlive_fitsHoweverMuchWasWritten(Kind kind) throws Exception {
    StateTtlConfig config = timeToLive().cleanupInRocksdbCompactFilter(100).build();

    for (int round = 0; round < ROUNDS; round++) {
      time.time = round * 1_000L;
      fill(kind, config, round);
    }

    for (int key = 0; key < KEYS; key++) {
      assertThat(kind.isFilled(at(kind, config, ROUNDS - 1, key))).as("key %d", key).isTrue();
    }
  }

  @Test
  void fewLargeValues_doNotWaitForTheClockToBeAskedAgain() throws Exception {
    StateTtlConfig config = timeToLive().cleanupInRocksdbCompactFilter(Long.MAX_VALUE).build();
    String large = "x".repeat(100_000);

    for (int i = 0; i < ROUNDS; i++) {
      time.time = i * 500L;
      value(config, i).update(large);
    }

    assertThat(value(config, ROUNDS - 1).value()).isEqualTo(large);
  }

  @SuppressWarnings("unchecked")
  private ValueState<String> value(StateTtlConfig config, int key) throws Exception {
    return (ValueState<String>) at(Kind.VALUE, config, 0, key);
  }

  @Test
  void stateThatIsNotCleanedUp_doesNotFit() {
    StateTtlConfig config = timeToLive().build();

    assertThatThrownBy(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                time.time = round * 1_000L;
                fill(Kind.VALUE, config, round);
              }
            })
        .hasMessageContaining("does not fit into its memory: state=state");
  }

  private void fill(Kind kind, StateTtlConfig config, int round) throws Exception {
    for (int key = 0; key < KEYS; key++) {
      kind.fill(at(kind, config, round, key));
    }
  }

  private State at(Kind kind, StateTtlConfig config, int round, int key) throws Exception {
    @SuppressWarnings("unchecked")
    StateDescriptor<State, ?> descriptor = (StateDescriptor<State, ?>) kind.descriptor();
    descriptor.enableTimeToLive(config);
    return subtasks
        .at("round " + round + " key " + key)
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }
}
