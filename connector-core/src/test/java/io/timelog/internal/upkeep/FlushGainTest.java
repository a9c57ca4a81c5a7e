package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.view.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FlushGainTest {
  private static final long SEGMENT_BYTES = 32 << 10;

  private final MemoryAccount memory = new MemoryAccount(new BufferPool(16 << 20));
  private final HandMadeTable table = new HandMadeTable("t", memory, SEGMENT_BYTES);
  private final SealedRuns runs = new SealedRuns(bytes -> {});
  private final List<Long> told = new ArrayList<>();
  private final Rounds rounds = new Rounds("store", () -> List.of(table), runs, told::add, 1);

  @AfterEach
  void nothingIsLeft() {
    table.close();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void largeWindow_gainsWhatItsRowsTookInTheMemtable() {
    for (int key = 0; key < 10_000; key++) {
      table.put(key, 0, 10);
    }
    long before = flush();

    long segments = table.window(0).sources().stream().mapToLong(Source::bytes).sum();
    assertThat(table.maintenance().bytesGainedByFlushes())
        .isBetween(before - segments, (before - segments) + before / 4)
        .isPositive();
    assertThat(told).last().isEqualTo(table.maintenance().bytesGainedByFlushes());
  }

  @Test
  void windowThatIsMergedAtOnce_gainsNothing() {
    for (int key = 0; key < 100; key++) {
      table.put(key, 0, 10);
    }
    flush();

    assertThat(table.maintenance().bytesGainedByFlushes()).isZero();
  }

  @Test
  void rowsOfLongChains_gainHalfOfTheirSegments_howeverDenseTheyWere() {
    for (int timestamp = 0; timestamp < HandMadeTable.WIDTH; timestamp++) {
      for (int key = 0; key < 10; key++) {
        table.put(key, timestamp, 1_000);
      }
    }
    flush();

    long segments = table.window(0).sources().stream().mapToLong(Source::bytes).sum();
    assertThat(table.maintenance().bytesGainedByFlushes()).isBetween(segments / 2, segments);
  }

  @Test
  void droppedWindow_gainsNothingFromTheNextRoundOn() {
    table.reportTo((key, keyOffset, keyLength, timestamp, payload, offset, length) -> {});
    for (int key = 0; key < 10_000; key++) {
      table.put(key, 0, 10);
    }
    flush();
    assertThat(told).last().isNotEqualTo(0L);

    table.drop(0);
    rounds.dropDeleted();

    assertThat(told).last().isEqualTo(0L);
  }

  /** Returns the bytes that lived in the memtable. */
  private long flush() {
    SealedRun.Part part = table.seal(0);
    long bytes = part.source().bytesAlive();
    runs.add(new SealedRun(List.of(part)));
    rounds.flush();
    return bytes;
  }
}
