package io.timelog.benchmarks.flink.stream;

import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.time.Duration;

/** Weighs one operator in this JVM. */
public final class StreamRun {
  private static final int REHEARSED_PART = 20;
  private static final long REHEARSAL_NANOS_PER_EVENT = 50_000;
  private static final Duration REHEARSAL_AT_MOST = Duration.ofSeconds(8);

  private StreamRun() {}

  /** Answers one {@link StreamInput} with a {@link StreamCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args, StreamInput.class, (id, input) -> measure(StreamContender.of(id), input));
    // Flink leaves threads behind.
    System.exit(0);
  }

  /** Weighs it in a JVM of its own. */
  public static StreamCost inChild(ChildJvm jvm, StreamContender contender, StreamInput input) {
    return contender.backend().needsFlinkRocksDb()
        ? jvm.runOnFlinkRocksDb(StreamRun.class, contender.id(), input, StreamCost.class)
        : jvm.keepingNativeMemory().run(StreamRun.class, contender.id(), input, StreamCost.class);
  }

  /** Weighs it in this JVM. */
  public static StreamCost measure(StreamContender contender, StreamInput input) {
    if (input.rehearsed()) {
      Rehearsal.of(
          end ->
              run(
                  contender,
                  new StreamInput(
                      input.shape(), input.before() / REHEARSED_PART, input.weighed(), false),
                  end),
          input.before() + input.weighed(),
          REHEARSAL_NANOS_PER_EVENT,
          REHEARSAL_AT_MOST);
    }
    return run(contender, input, Long.MAX_VALUE);
  }

  private static StreamCost run(StreamContender contender, StreamInput input, long end) {
    StreamShape shape = input.shape();
    return TemporaryDirectory.emptied(
        "operator=" + shape.id() + ", contender=" + contender.id(),
        directory -> {
          try (HostedOperator operator = HostedOperator.open(shape, contender, directory)) {
            for (int i = 0; i < input.before(); i++) {
              shape.prepare(operator, i);
            }
            long start = CpuClock.threadNanos();
            int weighed = 0;
            while (weighed < input.weighed() && !isOver(end, weighed)) {
              shape.step(operator, input.before() + weighed);
              weighed++;
            }
            double nanos = (double) (CpuClock.threadNanos() - start) / Math.max(1, weighed);
            return new StreamCost(
                contender.id(),
                shape.id(),
                input.before(),
                weighed,
                nanos,
                operator.results(),
                operator.checksum());
          }
        });
  }

  /** Looks at the clock from time to time. */
  private static boolean isOver(long end, int events) {
    return end != Long.MAX_VALUE && events % 64 == 0 && System.nanoTime() - end >= 0;
  }
}
