package io.timelog.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.fixture.CheckpointStore;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataInputStreamWrapper;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native snapshots are restored by more or fewer tasks than have taken them. */
final class RescaleTest {
  private static final int KEYS = 20_000;

  @TempDir private Path folder;

  private CheckpointStore store;

  @BeforeEach
  void makeStore() {
    store = new CheckpointStore(folder, 1);
  }

  private static Subtasks open(int parallelism, List<? extends KeyedStateHandle> restored)
      throws Exception {
    return Subtasks.of(Sample.backend(true, 2))
        .keyGroups(16)
        .parallelism(parallelism)
        .restoring(restored)
        .open();
  }

  private static ValueState<String> state(Subtasks subtasks, int key, boolean timeToLive)
      throws Exception {
    ValueStateDescriptor<String> descriptor =
        new ValueStateDescriptor<>("value", StringSerializer.INSTANCE);
    if (timeToLive) {
      descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(1)).build());
    }
    return subtasks
        .at("key " + key)
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  private List<KeyedStateHandle> checkpoint(Subtasks subtasks, long id) throws Exception {
    store.complete(
        id, subtasks.snapshot(id, CheckpointType.CHECKPOINT, store.storage(id)).finish());
    return store.handles(id);
  }

  @Test
  void task_readsLittleOfWhatIsNotItsOwn() throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks one = open(1, List.of())) {
      for (int i = 0; i < KEYS; i++) {
        state(one, i, false).update("the value of key " + i + ", which is of some length");
      }
      checkpoint = checkpoint(one, 1);
    }
    long stored = ((IncrementalRemoteKeyedStateHandle) checkpoint.get(0)).getStateSize();
    AtomicLong read = new AtomicLong();

    try (Subtasks eight = open(8, List.of(counting(checkpoint.get(0), read)))) {
      assertThat(read.get()).as("bytes read by eight tasks of " + stored).isLessThan(3 * stored);
      for (int i = 0; i < KEYS; i++) {
        assertThat(state(eight, i, false).value()).startsWith("the value of key " + i + ",");
      }
    }
  }

  private static KeyedStateHandle counting(KeyedStateHandle handle, AtomicLong read) {
    IncrementalRemoteKeyedStateHandle whole = (IncrementalRemoteKeyedStateHandle) handle;
    List<HandleAndLocalPath> packs = new ArrayList<>();
    for (HandleAndLocalPath pack : whole.getSharedState()) {
      packs.add(
          HandleAndLocalPath.of(new CountingHandle(pack.getHandle(), read), pack.getLocalPath()));
    }
    return new IncrementalRemoteKeyedStateHandle(
        whole.getBackendIdentifier(),
        whole.getKeyGroupRange(),
        whole.getCheckpointId(),
        packs,
        List.of(),
        whole.getMetaDataStateHandle());
  }

  /** Counts the bytes that are read. */
  private record CountingHandle(StreamStateHandle handle, AtomicLong read)
      implements StreamStateHandle {
    private static final long serialVersionUID = 1L;

    @Override
    public FSDataInputStream openInputStream() throws IOException {
      return new FSDataInputStreamWrapper(handle.openInputStream()) {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          int count = super.read(bytes, offset, length);
          read.addAndGet(Math.max(0, count));
          return count;
        }
      };
    }

    @Override
    public Optional<byte[]> asBytesIfInMemory() {
      return Optional.empty();
    }

    @Override
    public PhysicalStateHandleID getStreamStateHandleID() {
      return handle.getStreamStateHandleID();
    }

    @Override
    public void discardState() {
      throw new AssertionError("A restore must not delete");
    }

    @Override
    public long getStateSize() {
      return handle.getStateSize();
    }
  }

  /** Both tasks migrate the state, but only one of them had migrated it before and back again. */
  @Test
  void stateInTablesOfDifferentNames_isJoined() throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks two = open(2, List.of())) {
      for (int i = 0; i < 100; i++) {
        state(two, i, false).update("value " + i);
      }
      checkpoint = checkpoint(two, 1);
    }
    try (Subtasks two = open(2, checkpoint)) {
      state(two, keyOf(two, 0), true);
      checkpoint = checkpoint(two, 2);
    }
    try (Subtasks two = open(2, checkpoint)) {
      for (int i = 0; i < 100; i++) {
        assertThat(state(two, i, false).value()).isEqualTo("value " + i);
      }
      checkpoint = checkpoint(two, 3);
    }

    try (Subtasks one = open(1, checkpoint)) {
      for (int i = 0; i < 100; i++) {
        assertThat(state(one, i, false).value()).isEqualTo("value " + i);
      }
    }
  }

  private static int keyOf(Subtasks subtasks, int subtask) {
    for (int i = 0; ; i++) {
      if (subtasks.at("key " + i) == subtasks.backends().get(subtask)) {
        return i;
      }
    }
  }

  @Test
  void stateThatOneTaskHasMigratedAndAnotherHasNotUsed_isNotJoined() throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks two = open(2, List.of())) {
      for (int i = 0; i < 100; i++) {
        state(two, i, false).update("value " + i);
      }
      checkpoint = checkpoint(two, 1);
    }
    try (Subtasks two = open(2, checkpoint)) {
      state(two, keyOf(two, 0), true);
      checkpoint = checkpoint(two, 2);
    }
    List<KeyedStateHandle> mixed = checkpoint;

    assertThatThrownBy(() -> open(1, mixed))
        .hasMessageContaining("different forms")
        .hasMessageContaining("state=value")
        .hasMessageContaining("Restore with the parallelism that the job had");
    try (Subtasks two = open(2, mixed)) {
      for (int i = 0; i < 100; i++) {
        assertThat(state(two, i, true).value()).isEqualTo("value " + i);
      }
    }
  }

  @Test
  void canonicalAndNativeSnapshots_areRestoredTogether() throws Exception {
    List<Object> expected;
    List<KeyedStateHandle> natives;
    List<KeyedStateHandle> canonicals;
    try (Subtasks two = open(2, List.of())) {
      Sample.write(two, 1);
      expected = Sample.content(two);
      natives = checkpoint(two, 1);
      canonicals = two.savepoint(2).finish();
    }

    for (int parallelism = 1; parallelism <= 3; parallelism++) {
      try (Subtasks restored = open(parallelism, List.of(natives.get(0), canonicals.get(1)))) {
        assertThat(Sample.content(restored)).isEqualTo(expected);
      }
    }
  }

  @Test
  void taskWithOtherKeyGroups_beginsAnew() throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks two = open(2, List.of())) {
      Sample.write(two, 1);
      checkpoint = checkpoint(two, 1);
    }

    try (Subtasks one = open(1, checkpoint)) {
      for (AbstractKeyedStateBackend<String> backend : one.backends()) {
        backend.notifyCheckpointComplete(1);
      }
      checkpoint(one, 2);

      assertThat(store.files()).isEqualTo(store.named());
    }
  }
}
