package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.util.ArrayList;
import java.util.List;

/**
 * Weighs one shape of state of one backend in this JVM: for some seconds a twentieth of the entries
 * for the compiler, then all of them at each size, in a subtask of its own each time.
 */
public final class StateRun {
  private static final long REHEARSAL_NANOS = 6_000_000_000L;
  private static final long REHEARSAL_NANOS_PER_ENTRY = 10_000;
  private static final int REHEARSED_PART = 20;

  /** More than the entries of a backend outside of the heap take. */
  private static final long TOUCHED_BYTES_PER_ENTRY = 250;

  private StateRun() {}

  /** Answers one {@link StateInput} with {@link StateCosts}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, StateInput.class, (id, input) -> measure(BackendKind.of(id), input));
  }

  /** Weighs it in a JVM of its own. */
  public static StateCosts inChild(ChildJvm jvm, BackendKind kind, StateInput input) {
    return kind.needsFlinkRocksDb()
        ? jvm.runOnFlinkRocksDb(StateRun.class, kind.id(), input, StateCosts.class)
        : jvm.keepingNativeMemory().run(StateRun.class, kind.id(), input, StateCosts.class);
  }

  /** Weighs it in this JVM. */
  public static StateCosts measure(BackendKind kind, StateInput input) {
    int largest = largest(input);
    if (input.rehearsed()) {
      rehearse(kind, input, largest);
      if (!kind.needsFlinkRocksDb()) {
        NativeMemory.touch(largest * TOUCHED_BYTES_PER_ENTRY);
      }
    }
    List<StateCost> costs = new ArrayList<>();
    for (int size : input.sizes()) {
      costs.addAll(costs(kind, input.shape(), size, input.entries()));
    }
    return new StateCosts(costs);
  }

  /** Entries of the largest state. */
  private static int largest(StateInput input) {
    return input.shape().axis() == StateShape.Axis.KEYS
        ? input.sizes().stream().mapToInt(Integer::intValue).max().orElse(1)
        : input.entries();
  }

  /** By the time of this thread, so that it takes as many repetitions on a busy machine. */
  private static void rehearse(BackendKind kind, StateInput input, int largest) {
    int entries = Math.max(1, largest / REHEARSED_PART);
    List<Integer> sizes =
        switch (input.shape().axis()) {
          case KEYS -> List.of(entries);
          case ENTRIES -> List.of(10, 100, 1_000);
          case KEYS_OF_WINDOWS -> List.of(entries, Math.max(1, entries / 300));
        };
    long enough = Math.min(REHEARSAL_NANOS, largest * REHEARSAL_NANOS_PER_ENTRY);
    long start = CpuClock.threadNanos();
    do {
      for (int size : sizes) {
        costs(kind, input.shape(), size, entries);
      }
    } while (CpuClock.threadNanos() - start < enough);
  }

  private static List<StateCost> costs(BackendKind kind, StateShape shape, int size, int entries) {
    return TemporaryDirectory.emptied(
        "backend=" + kind.id() + ", shape=" + shape.id() + ", size=" + size,
        directory -> {
          try (Subtask subtask = Subtask.open(kind, directory)) {
            StateCells cells = new StateCells(kind, shape, size);
            shape.work(size, entries).run(subtask, cells);
            return cells.costs();
          }
        });
  }
}
