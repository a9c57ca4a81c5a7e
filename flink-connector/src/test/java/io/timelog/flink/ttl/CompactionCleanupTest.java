package io.timelog.flink.ttl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.TimelogOptions;
import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.Subtasks;
import io.timelog.flink.fixture.TextState;
import java.time.Duration;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
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
  void stateOfWhichLittleIsAlive_fitsHoweverMuchWasWritten(TextState kind) throws Exception {
    StateTtlConfig config = timeToLive().cleanupInRocksdbCompactFilter(100).build();

    for (int round = 0; round < ROUNDS; round++) {
      time.time = round * 1_000L;
      fill(kind, config, round);
    }

    for (int key = 0; key < KEYS; key++) {
      assertThat(kind.content(at(kind, config, ROUNDS - 1, key))).as("key %d", key).isNotNull();
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
    return (ValueState<String>) at(TextState.VALUE, config, 0, key);
  }

  @Test
  void stateThatIsNotCleanedUp_doesNotFit() {
    StateTtlConfig config = timeToLive().build();

    assertThatThrownBy(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                time.time = round * 1_000L;
                fill(TextState.VALUE, config, round);
              }
            })
        .hasMessageContaining("does not fit into its memory: state=state");
  }

  private void fill(TextState kind, StateTtlConfig config, int round) throws Exception {
    for (int key = 0; key < KEYS; key++) {
      kind.fill(at(kind, config, round, key), TEXT);
    }
  }

  private State at(TextState kind, StateTtlConfig config, int round, int key) throws Exception {
    @SuppressWarnings("unchecked")
    StateDescriptor<State, ?> descriptor = (StateDescriptor<State, ?>) kind.descriptor();
    descriptor.enableTimeToLive(config);
    return subtasks
        .at("round " + round + " key " + key)
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }
}
