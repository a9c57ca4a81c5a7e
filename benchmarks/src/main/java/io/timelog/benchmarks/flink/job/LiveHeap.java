package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.workload.ChildJvm;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How much of the heap is alive when the state of a job is largest, all that Flink itself has
 * included: the job is run on the heap backend, and the heap is collected again and again.
 *
 * @param bytes the most that was left by a collection
 */
public record LiveHeap(long bytes) {
  private static final long MEBIBYTE = 1L << 20;
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Answers one {@link JobInput} with a {@link LiveHeap}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, JobInput.class, (id, input) -> of(input));
    // Flink leaves threads behind.
    System.exit(0);
  }

  /** Finds it out in a JVM of its own. */
  public static LiveHeap inChild(ChildJvm jvm, JobInput input) {
    return jvm.run(LiveHeap.class, Contender.HEAP.id(), input, LiveHeap.class);
  }

  /** A JVM with a heap of so many times this. */
  public ChildJvm jvmWithTimes(int times) {
    return new ChildJvm((times * bytes / MEBIBYTE + 1) + "m");
  }

  static LiveHeap of(JobInput input) {
    Thread job =
        new Thread(() -> JobRun.run(Contender.HEAP, input, input.events()), "job on the heap");
    job.start();
    long most = 0;
    while (job.isAlive()) {
      System.gc();
      most = Math.max(most, leftByCollections());
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return new LiveHeap(most);
  }

  private static long leftByCollections() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage left = pool.getCollectionUsage();
      if (pool.getType() == MemoryType.HEAP && left != null) {
        bytes += left.getUsed();
      }
    }
    return bytes;
  }
}
