package io.timelog.flink.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.ExportedFile;
import io.timelog.StoreExport;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules by which a checkpoint counts on what earlier ones have stored. */
final class UploadHistoryTest {
  private final UploadHistory history = new UploadHistory();
  private final TimelogStore store = TimelogStore.builder().build();
  private final Table table = store.createTable(TableOptions.multimap("table").build());
  private final List<StoreExport> exports = new ArrayList<>();
  private List<ExportedFile> files = List.of();

  @AfterEach
  void close() {
    exports.forEach(StoreExport::close);
    store.close();
  }

  /** Adds files of about so many bytes each to the store. */
  private void grow(int count, int bytes) {
    for (int i = 0; i < count; i++) {
      table.append(new byte[] {1}, 0, new byte[bytes]);
      StoreExport export = store.beginExport();
      exports.add(export);
      files = export.write();
    }
  }

  /** A checkpoint of all files, up to the moment that it is stored. */
  private UploadPlan checkpoint(long id) {
    return checkpoint(id, true);
  }

  private UploadPlan checkpoint(long id, boolean sharesEarlier) {
    UploadPlan plan = history.plan(id, files, sharesEarlier, handle -> true);
    store(id, plan);
    return plan;
  }

  private void store(long id, UploadPlan plan) {
    List<StoredPack> stored = new ArrayList<>();
    for (Pack pack : Pack.of(plan.fresh())) {
      stored.add(new StoredPack(pack, new ByteStreamStateHandle(pack.name(), new byte[1])));
    }
    history.stored(id, stored);
  }

  @Test
  void firstCheckpoint_storesAll() {
    grow(2, 10);

    UploadPlan first = checkpoint(1);

    assertThat(first.reused()).isEmpty();
    assertThat(first.fresh()).hasSize(2);
  }

  @Test
  void confirmedCheckpoint_isReusedByPlaceholders() {
    grow(2, 10);
    checkpoint(1);
    history.confirm(1);
    grow(1, 10);

    UploadPlan second = checkpoint(2);

    assertThat(second.fresh()).hasSize(1);
    assertThat(second.reused())
        .singleElement()
        .satisfies(
            pack -> {
              assertThat(pack.pack().files()).hasSize(2);
              assertThat(pack.handle()).isInstanceOf(PlaceholderStreamStateHandle.class);
            });
  }

  @Test
  void unconfirmedCheckpoint_isNotReused() {
    grow(1, 10);
    checkpoint(1);

    assertThat(checkpoint(2).reused()).isEmpty();
  }

  @Test
  void placeholder_isReusedAgain() {
    grow(1, 10);
    checkpoint(1);
    history.confirm(1);
    checkpoint(2);
    history.confirm(2);

    assertThat(checkpoint(3).reused()).hasSize(1);
  }

  @Test
  void abortedCheckpoint_isNotReused() {
    grow(1, 10);
    checkpoint(1);
    history.forget(1);
    history.confirm(1);

    assertThat(checkpoint(2).reused()).isEmpty();
  }

  @Test
  void checkpointThatIsAbortedWhileItIsStored_isNotReused() {
    grow(1, 10);
    UploadPlan plan = history.plan(1, files, true, handle -> true);
    history.forget(1);
    store(1, plan);
    history.confirm(1);

    assertThat(checkpoint(2).reused()).isEmpty();
  }

  /**
   * The job manager may have completed the second one by now, and dropped the first with its file.
   */
  @Test
  void fileThatALaterCheckpointStoredAnew_isNotReused() {
    grow(1, 10);
    checkpoint(1);
    checkpoint(2);
    history.confirm(1);

    assertThat(checkpoint(3).reused()).isEmpty();

    history.confirm(2);
    assertThat(checkpoint(4).reused()).isEmpty();
    history.confirm(4);
    assertThat(checkpoint(5).reused()).hasSize(1);
  }

  @Test
  void planOfALaterCheckpoint_countsBeforeItIsStored() {
    grow(1, 10);
    checkpoint(1);
    history.plan(2, files, true, handle -> true);
    history.confirm(1);

    assertThat(checkpoint(3).reused()).isEmpty();
  }

  @Test
  void laterCheckpointThatNamesAFileAgain_leavesItToOthers() {
    grow(1, 10);
    checkpoint(1);
    history.confirm(1);
    checkpoint(2);

    assertThat(checkpoint(3).reused()).hasSize(1);
  }

  @Test
  void savepoint_isNoBase() {
    grow(1, 10);
    checkpoint(1);
    history.confirm(1);

    history.confirm(2);

    assertThat(checkpoint(3).reused()).hasSize(1);
  }

  @Test
  void fullCheckpoint_reusesNothingAndIsReused() {
    grow(1, 10);
    checkpoint(1);
    history.confirm(1);

    assertThat(checkpoint(2, false).reused()).isEmpty();

    history.confirm(2);
    assertThat(checkpoint(3).reused()).hasSize(1);
  }

  @Test
  void olderConfirmation_changesNothing() {
    grow(1, 10);
    checkpoint(1);
    checkpoint(2);
    history.confirm(2);
    history.confirm(1);

    assertThat(checkpoint(3).reused()).hasSize(1);
  }

  @Test
  void droppedCheckpoint_isNotReused() {
    grow(1, 10);
    checkpoint(1);
    history.confirm(1);
    history.forgetUpTo(1);

    assertThat(checkpoint(2).reused()).isEmpty();
  }

  @Test
  void restoredCheckpoint_isReused() {
    grow(1, 10);
    Pack pack = Pack.of(files).get(0);
    history.restored(
        7, List.of(new StoredPack(pack, new ByteStreamStateHandle("stored", new byte[1]))));

    assertThat(checkpoint(8).reused()).hasSize(1);
  }

  @Test
  void packThatTheStorageWouldNotKeep_isStoredAnew() {
    grow(1, 10);
    checkpoint(1);
    history.confirm(1);

    UploadPlan second = history.plan(2, files, true, handle -> false);

    assertThat(second.reused()).isEmpty();
    assertThat(second.fresh()).hasSize(1);
  }

  @Test
  void packOfWhichMostIsGone_isStoredAnew() {
    grow(3, 1000);
    checkpoint(1);
    history.confirm(1);

    UploadPlan two = history.plan(2, files.subList(0, 2), true, handle -> true);
    UploadPlan one = history.plan(3, files.subList(0, 1), true, handle -> true);

    assertThat(two.fresh()).isEmpty();
    assertThat(one.reused()).isEmpty();
    assertThat(one.fresh()).hasSize(1);
  }
}
