package io.timelog.benchmarks.flink.checkpoint;

import io.timelog.benchmarks.flink.BackendKind;
import io.timelog.benchmarks.flink.Subtask;
import io.timelog.benchmarks.flink.checkpoint.CheckpointCost.Taken;
import io.timelog.benchmarks.report.Figures;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.NativeMemory;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateHandle;

/**
 * Weighs the checkpoints of one backend in this JVM: one of all state, some of what has changed
 * since, and the last one read by one subtask and by two.
 */
public final class CheckpointRun {
  private static final int CHANGES = 5;
  private static final long MANAGED_BYTES = 4L << 30;
  private static final long REHEARSAL_NANOS = 8_000_000_000L;
  private static final long REHEARSAL_NANOS_PER_ENTRY = 20_000;
  private static final int REHEARSED_ENTRIES = 20_000;

  /**
   * What an entry takes outside of the heap, its value left out: in a table, in a segment, and
   * more.
   */
  private static final long TOUCHED_BYTES_PER_ENTRY = 400;

  private CheckpointRun() {}

  /** Answers one {@link CheckpointInput} with a {@link CheckpointCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args, CheckpointInput.class, (id, input) -> measure(BackendKind.of(id), input));
  }

  /** Weighs them in a JVM of its own. */
  public static CheckpointCost inChild(ChildJvm jvm, BackendKind kind, CheckpointInput input) {
    return kind.needsFlinkRocksDb()
        ? jvm.runOnFlinkRocksDb(CheckpointRun.class, kind.id(), input, CheckpointCost.class)
        : jvm.keepingNativeMemory()
            .run(CheckpointRun.class, kind.id(), input, CheckpointCost.class);
  }

  /** Weighs them in this JVM. */
  public static CheckpointCost measure(BackendKind kind, CheckpointInput input) {
    if (input.rehearsed()) {
      long enough = Math.min(REHEARSAL_NANOS, input.entries() * REHEARSAL_NANOS_PER_ENTRY);
      long start = CpuClock.threadNanos();
      do {
        cost(kind, input.shape(), Math.min(input.entries(), REHEARSED_ENTRIES));
      } while (CpuClock.threadNanos() - start < enough);
      if (kind == BackendKind.TIMELOG) {
        NativeMemory.touch(
            input.entries() * (input.shape().valueBytes() + TOUCHED_BYTES_PER_ENTRY));
      }
    }
    return cost(kind, input.shape(), input.entries());
  }

  private static CheckpointCost cost(BackendKind kind, CheckpointShape shape, int entries) {
    return TemporaryDirectory.emptied(
        "backend=" + kind.id() + ", shape=" + shape.id() + ", entries=" + entries,
        directory -> new CheckpointRun.Round(kind, shape, entries, directory).cost());
  }

  /** One backend with one state. */
  private static final class Round {
    private final BackendKind kind;
    private final CheckpointShape shape;
    private final int entries;
    private final Path directory;
    private final LastCheckpoint checkpoint;

    private Round(BackendKind kind, CheckpointShape shape, int entries, Path directory) {
      this.kind = kind;
      this.shape = shape;
      this.entries = entries;
      this.directory = directory;
      this.checkpoint = new LastCheckpoint(directory.resolve("checkpoints"));
    }

    private CheckpointCost cost() throws Exception {
      List<Taken> next = new ArrayList<>();
      Taken first;
      long checksum;
      try (Subtask subtask = open(1, 0, List.of())) {
        Contents contents = shape.contents(subtask, entries);
        contents.fill();
        first = checkpoint.take(subtask.backend());
        for (int step = 1; step <= CHANGES; step++) {
          contents.change(step);
          next.add(checkpoint.take(subtask.backend()));
        }
        checksum = contents.read(CHANGES);
      }
      long restore = restoreNanos(1, checksum);
      long rescale = restoreNanos(2, checksum);
      return new CheckpointCost(
          kind.id(), shape.id(), entries, first, medians(next), restore, rescale, checksum);
    }

    private static Taken medians(List<Taken> taken) {
      return new Taken(
          Figures.median(taken, Taken::syncNanos),
          Figures.median(taken, Taken::nanos),
          Figures.median(taken, Taken::storedBytes));
    }

    /** How long the slowest of so many subtasks takes; one after the other. */
    private long restoreNanos(int subtasks, long expected) throws Exception {
      long longest = 0;
      long checksum = 0;
      for (int i = 0; i < subtasks; i++) {
        NativeMemory.awaitFree();
        long start = System.nanoTime();
        try (Subtask subtask = open(subtasks, i, checkpoint.handles())) {
          longest = Math.max(longest, System.nanoTime() - start);
          checksum += shape.contents(subtask, entries).read(CHANGES);
        }
      }
      if (checksum != expected) {
        throw new IllegalStateException(
            "Something else was restored than was stored: subtasks="
                + subtasks
                + ", expected="
                + expected
                + ", found="
                + checksum);
      }
      return longest;
    }

    private Subtask open(int subtasks, int index, List<KeyedStateHandle> handles) throws Exception {
      KeyGroupRange keyGroups =
          KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
              Subtask.KEY_GROUPS, subtasks, index);
      Path files = Files.createTempDirectory(directory, "subtask");
      return Subtask.restore(kind.incremental(files), files, MANAGED_BYTES, keyGroups, handles);
    }
  }
}
