package io.timelog.flink.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.junit.jupiter.api.Test;

/** What Flink is told of the time that a restore took. */
final class RestoreTimingsTest {
  private final Map<String, Long> told = new TreeMap<>();
  private long nanos = 1_000_000_000;

  private RestoreTimings timings() {
    return new RestoreTimings(() -> nanos);
  }

  private String spend(long millis, String result) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    return result;
  }

  @Test
  void timeWithFiles_isNotCountedTwice() {
    RestoreTimings timings = timings();
    spend(3, "");
    assertThat(timings.ofFiles(() -> spend(20, "opened"))).isEqualTo("opened");
    spend(4, "");
    timings.ofFiles(() -> spend(30, "read"));

    timings.report(told::put);

    assertThat(told)
        .isEqualTo(Map.of("DownloadStateDurationMs", 50L, "RestoreStateDurationMs", 7L));
  }

  @Test
  void timeWithFilesThatFail_isCounted() {
    RestoreTimings timings = timings();
    assertThatThrownBy(
            () ->
                timings.ofFiles(
                    () -> {
                      spend(20, "");
                      throw new IOException("from the test");
                    }))
        .hasMessage("from the test");

    timings.report(told::put);

    assertThat(told).containsEntry("DownloadStateDurationMs", 20L);
  }

  @Test
  void restoreWithoutFiles_hasNoDownload() {
    RestoreTimings timings = timings();
    spend(5, "");

    timings.report(told::put);

    assertThat(told).isEqualTo(Map.of("RestoreStateDurationMs", 5L));
  }

  @Test
  void backend_reportsWhatItRestores() throws Exception {
    List<KeyedStateHandle> checkpoint;
    List<KeyedStateHandle> savepoint;
    try (Subtasks subtasks = restored(List.of())) {
      assertThat(told).as("of a job without state").isEmpty();
      subtasks
          .at("key")
          .getPartitionedState(
              VoidNamespace.INSTANCE,
              VoidNamespaceSerializer.INSTANCE,
              new ValueStateDescriptor<>("value", StringSerializer.INSTANCE))
          .update("some");
      checkpoint = subtasks.checkpoint(1).finish();
      savepoint = subtasks.savepoint(2).finish();
    }

    restored(checkpoint).close();
    assertThat(told).containsOnlyKeys("DownloadStateDurationMs", "RestoreStateDurationMs");
    assertThat(told.values()).allMatch(millis -> millis >= 0);

    told.clear();
    restored(savepoint).close();
    assertThat(told).containsOnlyKeys("RestoreStateDurationMs");
  }

  private Subtasks restored(List<KeyedStateHandle> handles) throws IOException {
    return Subtasks.of(new TimelogStateBackend()).restoring(handles).startMetrics(told::put).open();
  }
}
