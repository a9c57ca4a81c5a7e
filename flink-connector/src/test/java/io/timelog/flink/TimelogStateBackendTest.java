package io.timelog.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.fixture.Backends;
import io.timelog.flink.fixture.LocalFiles;
import io.timelog.flink.fixture.Subtasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.configuration.StateSizeTrackOptions;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

final class TimelogStateBackendTest {
  private final Configuration configuration = new Configuration();

  @Test
  void backend_isMadeFromTheConfiguration() throws Exception {
    configuration.set(
        StateBackendOptions.STATE_BACKEND, TimelogStateBackendFactory.class.getName());

    StateBackend backend =
        StateBackendLoader.loadStateBackendFromConfig(
            configuration, getClass().getClassLoader(), LoggerFactory.getLogger(getClass()));

    assertThat(backend).isInstanceOf(TimelogStateBackend.class);
    assertThat(backend.useManagedMemory()).isTrue();
  }

  @Test
  void backend_travelsToTheTasks() throws Exception {
    configuration.set(TimelogOptions.FIXED_MEMORY_PER_SLOT, MemorySize.ofMebiBytes(3));

    TimelogStateBackend copy = InstantiationUtil.clone(configured());

    assertThat(copy.useManagedMemory()).isFalse();
  }

  @Test
  void fixedMemory_mustBePositive() {
    configuration.set(TimelogOptions.FIXED_MEMORY_PER_SLOT, MemorySize.ZERO);

    assertThatThrownBy(this::configured)
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("state.backend.timelog.memory.fixed-per-slot must be positive: value=0 bytes");
  }

  @Test
  void transferThreads_mustBePositive() {
    configuration.set(TimelogOptions.TRANSFER_THREADS, 0);

    assertThatThrownBy(this::configured)
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage(
            "state.backend.timelog.checkpoint.transfer.thread.num must be positive: value=0");
  }

  /** A cluster's setting holds unless the job has another one. */
  @ParameterizedTest
  @CsvSource({", true, true", "true, , true", "true, false, false", ", , false"})
  void checkpoints_areIncrementalIfFlinksOptionSaysSo(
      @Nullable Boolean cluster, @Nullable Boolean job, boolean incremental) throws Exception {
    TimelogStateBackend backend = new TimelogStateBackend();
    for (Boolean setting : Arrays.asList(cluster, job)) {
      Configuration with = new Configuration();
      if (setting != null) {
        with.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, setting);
      }
      backend = backend.configure(with, getClass().getClassLoader());
    }

    try (Subtasks subtasks = open(InstantiationUtil.clone(backend), 8 << 20)) {
      list(subtasks).add("element");
      IncrementalRemoteKeyedStateHandle checkpoint =
          (IncrementalRemoteKeyedStateHandle) subtasks.checkpoint(1).finish().get(0);

      assertThat(checkpoint.getSharedState()).hasSize(incremental ? 1 : 0);
      assertThat(checkpoint.getPrivateState()).hasSize(incremental ? 0 : 1);
    }
  }

  @Test
  void slotWithoutManagedMemory_isRefusedWithWhatToSet() {
    assertThatThrownBy(() -> open(new TimelogStateBackend(), 0))
        .hasMessageContaining("There is no managed memory for state")
        .hasMessageContaining("managedBytes=0")
        .hasMessageContaining("taskmanager.memory.managed.size")
        .hasMessageContaining("state.backend.timelog.memory.fixed-per-slot");
  }

  @Test
  void fixedMemory_needsNoManagedMemory() throws Exception {
    configuration.set(TimelogOptions.FIXED_MEMORY_PER_SLOT, MemorySize.ofMebiBytes(2));

    try (Subtasks subtasks = open(configured(), 0)) {
      list(subtasks).add("element");

      assertThat(list(subtasks).get()).containsExactly("element");
    }
  }

  @Test
  void stateThatDoesNotFit_movesToFiles_andGoesWithTheBackend(@TempDir Path folder)
      throws Exception {
    try (Subtasks subtasks = open(Backends.spilling(1 << 20, folder), 0)) {
      ListState<String> list = list(subtasks);
      for (int i = 0; i < 100_000; i++) {
        list.add("an element of some length, number " + i);
      }

      assertThat(LocalFiles.bytes(folder)).isGreaterThan(2 << 20);
      int i = 0;
      for (String element : list.get()) {
        assertThat(element).isEqualTo("an element of some length, number " + i++);
      }
      assertThat(i).isEqualTo(100_000);
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void valueThatIsLargerThanTheMemory_isRefusedWithItsStateAndWhatToRaise(@TempDir Path folder)
      throws Exception {
    try (Subtasks subtasks = open(Backends.spilling(1 << 20, folder), 0)) {
      ListState<String> list = list(subtasks);

      assertThatThrownBy(() -> list.add("x".repeat(2 << 20)))
          .hasMessageStartingWith(
              "The state of the slot does not fit into its memory: state=the list, usedBytes=")
          .hasMessageContaining("limitBytes=1048576")
          .hasMessageContaining("taskmanager.memory.managed.size")
          .hasMessageContaining("state.backend.timelog.memory.fixed-per-slot");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "some/where, A directory for state must be given by its absolute path: path=some/where",
    "'/a,b', A directory for state must be given by its absolute path: path=b",
    "',', There must be at least one directory for state"
  })
  void directoriesForState_mustBeAbsolute(String paths, String problem) {
    configuration.set(TimelogOptions.LOCAL_DIRECTORIES, paths);

    assertThatThrownBy(this::configured)
        .isInstanceOf(IllegalConfigurationException.class)
        .hasMessage("state.backend.timelog.localdir: " + problem + ", value=" + paths);
  }

  @Test
  void directoryThatCannotBeMade_isRefusedWithWhatToSet(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> open(Backends.spilling(1 << 20, file), 0))
        .hasMessageStartingWith("There is no directory for keyed state: operator=operator-0")
        .hasMessageContaining("places=[" + file + "]")
        .hasMessageContaining("state.backend.timelog.localdir");
  }

  @Test
  void accesses_areMeasuredIfTheConfigurationSaysSo() throws Exception {
    configuration.set(StateLatencyTrackOptions.LATENCY_TRACK_ENABLED, true);
    configuration.set(StateSizeTrackOptions.SIZE_TRACK_ENABLED, true);

    try (Subtasks subtasks = open(configured(), 64 << 20)) {
      ListState<String> list = list(subtasks);
      list.add("element");

      assertThat(list.getClass().getSimpleName()).isEqualTo("MetricsTrackingListState");
      assertThat(list.get()).containsExactly("element");
    }
  }

  @ParameterizedTest(name = "incremental {0}")
  @ValueSource(booleans = {true, false})
  void nativeCheckpointOfRocksDb_isRefusedWithWhatToDo(boolean incremental, @TempDir Path folder)
      throws Exception {
    EmbeddedRocksDBStateBackend rocks = new EmbeddedRocksDBStateBackend(incremental);
    rocks.setDbStoragePath(folder.toUri().toString());
    List<KeyedStateHandle> checkpoint;
    try (Subtasks subtasks = Subtasks.of(rocks).open()) {
      list(subtasks).add("element");
      checkpoint = subtasks.checkpoint(1).finish();
    }

    Path state = Files.createDirectory(folder.resolve("state"));
    TimelogStateBackend backend = Backends.spilling(1 << 20, state);
    assertThatThrownBy(() -> Subtasks.of(backend).restoring(checkpoint).open())
        .hasMessageStartingWith("Keyed state could not be restored: operator=operator-0")
        .hasMessageContaining("the own format of another state backend")
        .hasMessageContaining("checkpoint=1, keyGroups=[0, 15]")
        .hasMessageContaining("take a savepoint of type canonical");
    assertThat(state).isEmptyDirectory();
  }

  private TimelogStateBackend configured() {
    return new TimelogStateBackend().configure(configuration, getClass().getClassLoader());
  }

  private static Subtasks open(TimelogStateBackend backend, long managedBytes) throws Exception {
    return Subtasks.of(backend).managedMemory(managedBytes).open();
  }

  private static ListState<String> list(Subtasks subtasks) throws Exception {
    return subtasks
        .at("key")
        .getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ListStateDescriptor<>("the list", StringSerializer.INSTANCE));
  }
}
