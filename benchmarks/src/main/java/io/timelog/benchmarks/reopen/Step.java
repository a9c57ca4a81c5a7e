package io.timelog.benchmarks.reopen;

import io.timelog.benchmarks.durable.DurableState;
import io.timelog.benchmarks.durable.StateKind;
import io.timelog.benchmarks.workload.EventBatch;
import io.timelog.benchmarks.workload.MemoryUse;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.SyntheticEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is done with a state in one JVM. */
public enum Step {
  /** Fills a new one, with a commit each hundredth of it, and closes it. */
  FILL_AND_CLOSE {
    @Override
    StepResult take(StateKind kind, StepInput input) {
      try (DurableState state = kind.open(input.settings())) {
        return filled(state, input);
      }
    }
  },
  /** Fills a new one, goes on writing after the last commit, and leaves it as it is. */
  FILL_AND_LEAVE {
    @Override
    StepResult take(StateKind kind, StepInput input) {
      DurableState state = kind.open(input.settings());
      StepResult result = filled(state, input);
      long first = input.shape().entries();
      append(state, input.events(), first, first + partOf(input));
      return result;
    }
  },
  /** Opens one. */
  OPEN {
    @Override
    StepResult take(StateKind kind, StepInput input) {
      touchMemory(kind, input);
      long start = System.nanoTime();
      try (DurableState state = kind.open(input.settings())) {
        return opened(state, start, input);
      }
    }
  },
  /** Exports one. */
  EXPORT {
    @Override
    StepResult take(StateKind kind, StepInput input) throws IOException {
      touchMemory(kind, input);
      Path target = Files.createDirectories(Path.of(input.target()));
      try (DurableState state = kind.open(input.settings())) {
        long start = System.nanoTime();
        state.exportTo(target);
        long nanos = System.nanoTime() - start;
        return new StepResult(nanos, 0, 0, 0, 0, MemoryUse.lengthOfFiles(target));
      }
    }
  },
  /** Makes one of an export. */
  IMPORT {
    @Override
    StepResult take(StateKind kind, StepInput input) throws IOException {
      touchMemory(kind, input);
      long start = System.nanoTime();
      try (DurableState state = kind.importFrom(input.settings())) {
        return opened(state, start, input);
      }
    }
  };

  private static final int COMMITS = 100;

  /** What an entry takes in memory beside key and value, and more. */
  private static final long TOUCHED_BYTES_PER_ENTRY = 20;

  /** Does it. */
  abstract StepResult take(StateKind kind, StepInput input) throws IOException;

  private static void touchMemory(StateKind kind, StepInput input) {
    if (!kind.isRocksDb()) {
      StateShape shape = input.shape();
      NativeMemory.touch(shape.bytes() + shape.entries() * TOUCHED_BYTES_PER_ENTRY);
    }
  }

  private static long partOf(StepInput input) {
    return Math.max(1, input.shape().entries() / COMMITS);
  }

  private static StepResult filled(DurableState state, StepInput input) {
    SyntheticEvents events = input.events();
    long entries = input.shape().entries();
    long start = System.nanoTime();
    for (long first = 0; first < entries; first += partOf(input)) {
      long end = Math.min(entries, first + partOf(input));
      append(state, events, first, end);
      state.commit(end);
    }
    return opened(state, start, input);
  }

  private static void append(DurableState state, SyntheticEvents events, long first, long end) {
    EventBatch one = new EventBatch(1);
    for (long number = first; number < end; number++) {
      one.fill(events, number);
      one.append(state);
    }
  }

  /** Of a state that was made since {@code start} and that nobody has read yet. */
  private static StepResult opened(DurableState state, long start, StepInput input) {
    long open = System.nanoTime();
    List<byte[]> keys = input.events().keys();
    long entries = input.shape().entries();
    long beforeRead = System.nanoTime();
    long first = state.scan(keys.get(0), 0, entries);
    long afterRead = System.nanoTime();
    long checksum = first * 31 + scanAll(state, keys.subList(1, keys.size()), 0, entries);
    long committed = state.scannedEntries();
    scanAll(state, keys, entries, entries + partOf(input));
    return new StepResult(
        open - start,
        afterRead - beforeRead,
        committed,
        checksum,
        state.scannedEntries() - committed,
        MemoryUse.lengthOfFiles(Path.of(input.directory())));
  }

  private static long scanAll(DurableState state, List<byte[]> keys, long start, long end) {
    long checksum = 0;
    for (byte[] key : keys) {
      checksum = checksum * 31 + state.scan(key, start, end);
    }
    return checksum;
  }
}
