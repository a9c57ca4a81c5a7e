package io.timelog.flink.ttl;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.LocalFiles;
import io.timelog.flink.fixture.Subtasks;
import io.timelog.flink.fixture.TextState;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Entries whose time to live is over leave when the engine writes their table anew, so that a slot
 * has room for what is alive however much was written.
 */
final class CompactionCleanupTest {
  private static final long MEMORY_BYTES = 4 << 20;
  private static final int ROUNDS = 200;
  private static final int KEYS = 200;
  private static final String TEXT = "x".repeat(200);

  @TempDir private Path folder;

  private final MockTtlTimeProvider time = new MockTtlTimeProvider();
  private Subtasks subtasks;

  @BeforeEach
  void open() throws Exception {
    time.time = 0;
    subtasks = Subtasks.of(Backends.spilling(MEMORY_BYTES, folder)).clock(time).open();
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

    fillRoundByRound(kind, config);

    for (int key = 0; key < KEYS; key++) {
      assertThat(kind.content(at(kind, config, ROUNDS - 1, key))).as("key %d", key).isNotNull();
    }
    assertThat(LocalFiles.bytes(folder)).isLessThan(MEMORY_BYTES);
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
  void stateThatIsNotCleanedUp_movesToFiles() throws Exception {
    StateTtlConfig config = timeToLive().build();

    fillRoundByRound(TextState.VALUE, config);

    assertThat(LocalFiles.bytes(folder)).isGreaterThan(MEMORY_BYTES);
  }

  /** Takes a checkpoint now and then, as jobs do. */
  private void fillRoundByRound(TextState kind, StateTtlConfig config) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      time.time = round * 1_000L;
      fill(kind, config, round);
      if (round % 10 == 0) {
        subtasks.checkpoint(round + 1).finish();
      }
    }
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
