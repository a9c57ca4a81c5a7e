package io.timelog.flink.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.fixture.Subtasks;
import java.util.List;
import org.apache.flink.runtime.state.JavaSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.junit.jupiter.api.Test;

/** Snapshots of a job whose keys were of another type, or had another serializer. */
final class ChangedKeysTest {
  @Test
  void checkpoint_isRefusedWithBothSerializersAndTheKeyGroups() throws Exception {
    List<KeyedStateHandle> checkpoint;
    try (Subtasks subtasks = Subtasks.of(Sample.backend(true, 1)).open()) {
      Sample.write(subtasks, 1);
      checkpoint = subtasks.checkpoint(1).finish();
    }

    assertThatThrownBy(() -> restore(checkpoint))
        .hasMessageStartingWith(
            "Keyed state could not be restored: operator=operator-0, keyGroups=KeyGroupRange{"
                + "startKeyGroup=0, endKeyGroup=15}")
        .hasMessageContaining("The new key serializer (")
        .hasMessageContaining("JavaSerializer")
        .hasMessageContaining("must be compatible with the previous key serializer (")
        .hasMessageContaining("StringSerializer")
        .hasMessageContaining("checkpoint=1, keyGroups=[0, 15]")
        .hasMessageContaining("Start the job with the key type that it had");
  }

  @Test
  void savepoint_isRefusedWithBothSerializersAndTheKeyGroups() throws Exception {
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = Subtasks.of(Sample.backend(true, 1)).open()) {
      Sample.write(subtasks, 1);
      savepoint = subtasks.savepoint(1).finish();
    }

    assertThatThrownBy(() -> restore(savepoint))
        .hasMessageStartingWith(
            "Keyed state could not be restored: operator=operator-0, keyGroups=KeyGroupRange{"
                + "startKeyGroup=0, endKeyGroup=15}")
        .hasMessageContaining("JavaSerializer")
        .hasMessageContaining("must be compatible with the previous key serializer (")
        .hasMessageContaining("StringSerializer");
  }

  private static void restore(List<KeyedStateHandle> handles) throws Exception {
    Subtasks.of(Sample.backend(true, 1))
        .keySerializer(new JavaSerializer<>())
        .restoring(handles)
        .open()
        .close();
  }
}
