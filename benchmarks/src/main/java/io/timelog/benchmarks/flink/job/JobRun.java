package io.timelog.benchmarks.flink.job;

import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.benchmarks.workload.TemporaryDirectory;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Runs one job in this JVM, on a cluster of one slot: its first part for some seconds for the
 * compiler, then all of it to be weighed. Nothing takes checkpoints.
 */
public final class JobRun {
  private static final MemorySize MANAGED_MEMORY = MemorySize.ofMebiBytes(1_024);

  /** Little enough for a JVM with a tight heap, in which direct memory is as tight. */
  private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(16);

  /** Long enough for windows to end. */
  private static final int REHEARSED_PART = 4;

  private static final long REHEARSAL_NANOS_PER_EVENT = 10_000;
  private static final Duration REHEARSAL_AT_MOST = Duration.ofSeconds(8);

  private JobRun() {}

  /** Answers one {@link JobInput} with a {@link JobCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(args, JobInput.class, (id, input) -> measure(Contender.of(id), input));
    // Flink leaves threads behind.
    System.exit(0);
  }

  /** Weighs it in a JVM of its own. */
  public static JobCost inChild(ChildJvm jvm, Contender contender, JobInput input) {
    return contender.backend().needsFlinkRocksDb()
        ? jvm.runOnFlinkRocksDb(JobRun.class, contender.id(), input, JobCost.class)
        : jvm.keepingNativeMemory().run(JobRun.class, contender.id(), input, JobCost.class);
  }

  /** Weighs it in this JVM. */
  public static JobCost measure(Contender contender, JobInput input) {
    if (input.rehearsed()) {
      Rehearsal.of(
          end -> run(contender, input, input.events() / REHEARSED_PART),
          input.events(),
          REHEARSAL_NANOS_PER_EVENT,
          REHEARSAL_AT_MOST);
    }
    run(contender, input, input.events());
    Gauge.Reading reading = Gauge.reading();
    return new JobCost(
        contender.id(),
        (Runtime.getRuntime().maxMemory() >> 20) + "m",
        input.job().id(),
        input.events(),
        input.keys(),
        input.chaining(),
        input.events() / (reading.wallNanos() / 1e9),
        (double) reading.threadNanos() / input.events(),
        (double) reading.processNanos() / input.events(),
        Gauge.results(),
        Gauge.checksum());
  }

  /**
   * Runs a job.
   *
   * @param events so many of the first ones
   */
  static void run(Contender contender, JobInput input, long events) {
    TemporaryDirectory.emptied(
        "job=" + input.job().id() + ", contender=" + contender.id(),
        directory -> {
          StreamExecutionEnvironment environment =
              StreamExecutionEnvironment.getExecutionEnvironment(
                  configuration(contender, input, directory));
          environment.setParallelism(1);
          DataStream<Tuple3<Long, Long, Long>> source =
              environment.fromSource(
                  new DataGeneratorSource<>(
                      new Events(input.events(), input.keys()),
                      events,
                      Types.TUPLE(Types.LONG, Types.LONG, Types.LONG)),
                  WatermarkStrategy.<Tuple3<Long, Long, Long>>forGenerator(
                          context -> new EachSecond())
                      .withTimestampAssigner((event, before) -> event.f1),
                  "events");
          input
              .job()
              .define(source.keyBy(event -> event.f0))
              .map(new Gauge.Counter())
              .sinkTo(new DiscardingSink<>());
          Gauge.reset();
          environment.execute(input.job().id());
          return events;
        });
  }

  private static Configuration configuration(Contender contender, JobInput input, Path directory) {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, contender.backend().type());
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED_MEMORY);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
    configuration.set(CoreOptions.TMP_DIRS, directory.toString());
    configuration.set(PipelineOptions.OPERATOR_CHAINING, input.chaining() == Chaining.ON);
    return configuration;
  }
}
