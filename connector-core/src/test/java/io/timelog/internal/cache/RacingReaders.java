package io.timelog.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.testing.PoisoningSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;

/** Readers of one segment, each on a thread of its own, in a memory that cannot hold all of it. */
final class RacingReaders {
  static final int COUNT = 4;

  final NumberedParts segment;
  private final PoisoningSource source = new PoisoningSource();
  private final BufferPool pool;
  private final MemoryAccount memory;

  /** Of a segment of so many parts, with room for some of them. */
  RacingReaders(int parts, int partsOfBudget) {
    pool = new BufferPool((long) partsOfBudget * NumberedParts.PART_BYTES, source);
    memory = new MemoryAccount(pool);
    segment = new NumberedParts(memory, parts);
  }

  /** Has all of them read; each tells how many parts were not what they should be. */
  void requireAllRight(ToIntFunction<SplittableRandom> reading) throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(COUNT);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int reader = 0; reader < COUNT; reader++) {
        long seed = reader;
        wrong.add(readers.submit(() -> reading.applyAsInt(new SplittableRandom(seed))));
      }
      for (Future<Integer> of : wrong) {
        assertThat(of.get()).isZero();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  /** Closes the segment, after which all memory must have come back. */
  void requireNothingLost() {
    assertThat(pool.usedBytes()).isLessThanOrEqualTo(pool.limitBytes());
    segment.parts.close();
    assertThat(segment.parts.heldBytes()).isZero();
    assertThat(memory.usedBytes()).isZero();
    assertThat(PageCache.of(memory).bytes()).isZero();
    memory.close();
    assertThat(source.bytes()).isZero();
  }
}
