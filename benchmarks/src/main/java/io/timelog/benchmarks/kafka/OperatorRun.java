package io.timelog.benchmarks.kafka;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.MemoryUse;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.kafka.TimelogDslStoreSuppliers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;

/**
 * Measures one operator of the DSL on one kind of stores, in a JVM of its own. No cache. What
 * counts is the median of {@value #MIN_PASSES} to {@value #MAX_PASSES} passes, each with a new
 * topology, behind a rehearsal of the same input: below Kafka Streams there are so many calls to
 * compile that the first passes take up to three times what the later ones do, the longer the
 * deeper the code of a store is.
 */
public final class OperatorRun {
  private static final long SPAN = 600_000;
  private static final long START = 1_000 * SPAN;
  private static final int VALUE_BYTES = 100;
  private static final int RECORDS_KEPT = 4_096;
  private static final int RECORDS_PER_CLOCK = 64;
  private static final int MIN_PASSES = 3;
  private static final int MAX_PASSES = 9;
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final long REHEARSAL_NANOS_PER_RECORD = 130_000;
  private static final Duration REHEARSAL = Duration.ofSeconds(20);

  /** What RocksDB holds in memory, by the names of the metrics of Kafka Streams. */
  private static final Set<String> ROCKSDB_MEMORY =
      Set.of("size-all-mem-tables", "block-cache-usage", "estimate-table-readers-mem");

  private OperatorRun() {}

  /** Answers one {@link OperatorInput} with an {@link OperatorCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args,
        OperatorInput.class,
        (stores, input) -> {
          Rehearsal.of(
              end -> measure(stores, input),
              input.records(),
              REHEARSAL_NANOS_PER_RECORD,
              REHEARSAL);
          return median(stores, input);
        });
  }

  private static OperatorCost median(String stores, OperatorInput input) {
    long end = System.nanoTime() + MEASURED.toNanos();
    List<OperatorCost> passes = new ArrayList<>();
    do {
      passes.add(measure(stores, input));
      // A pass that was stopped tells what a record takes at least; another would tell no more.
    } while (passes.get(0).records() == input.records()
        && (passes.size() < MIN_PASSES
            || (passes.size() < MAX_PASSES && System.nanoTime() - end < 0)));
    passes.sort(Comparator.comparingDouble(OperatorCost::cpuNanos));
    return passes.get(passes.size() / 2);
  }

  private static Class<? extends DslStoreSuppliers> suppliers(String stores) {
    return switch (stores) {
      case "floor" -> FloorSuppliers.class;
      case "rocksdb" -> BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers.class;
      case "in-memory" -> BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class;
      case "timelog" -> TimelogDslStoreSuppliers.class;
      default -> throw new IllegalArgumentException("No such stores: stores=" + stores);
    };
  }

  static OperatorCost measure(String stores, OperatorInput input) {
    return TaskHost.inDirectory(directory -> measure(directory, stores, input));
  }

  private static OperatorCost measure(Path directory, String stores, OperatorInput input) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "benchmark");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    config.put(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, suppliers(stores));
    StreamsBuilder builder = new StreamsBuilder();
    // Else whether a window is emitted at its close depends on the wall clock.
    config.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_WINDOWED_AGGREGATION, 0L);
    LongAdder results = new LongAdder();
    input.operator().addTo(builder, results);
    MemoryUse before = MemoryUse.now(directory);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(builder.build(config), config, Instant.ofEpochMilli(START))) {
      TestInputTopic<byte[], byte[]> in = topic(driver, "in");
      TestInputTopic<byte[], byte[]> other = input.operator().joins() ? topic(driver, "other") : in;
      SplittableRandom random = new SplittableRandom(1);
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(input.patienceMillis());
      long nanos = 0;
      int done = 0;
      while (done < input.records() && System.nanoTime() - end < 0) {
        int stretchEnd = Math.min(input.records(), done + RECORDS_PER_CLOCK);
        long start = CpuClock.threadNanos();
        for (; done < stretchEnd; done++) {
          byte[] key =
              ByteBuffer.allocate(12)
                  .putLong(4, random.nextInt(input.keys()) * 2_654_435_761L)
                  .array();
          // An array of its own, as one that was read from a topic: a store may keep it.
          byte[] value = new byte[VALUE_BYTES];
          (done % 2 == 0 ? in : other).pipeInput(key, value, START + done * SPAN / input.records());
        }
        nanos += CpuClock.threadNanos() - start;
        if (done % RECORDS_KEPT == 0) {
          forgetChangelogs(driver);
        }
      }
      forgetChangelogs(driver);
      MemoryUse use = MemoryUse.now(directory).minus(before);
      return new OperatorCost(
          stores,
          input.operator().id(),
          input.keys(),
          done,
          (double) nanos / done,
          results.sum(),
          use.bytes(EngineKind.Memory.HEAP_AND_DIRECT) + use.diskBytes() + rocksDbMemory(driver));
    }
  }

  /** Nothing, unless the stores are those of RocksDB. */
  private static long rocksDbMemory(TopologyTestDriver driver) {
    return driver.metrics().entrySet().stream()
        .filter(metric -> ROCKSDB_MEMORY.contains(metric.getKey().name()))
        .mapToLong(metric -> ((Number) metric.getValue().metricValue()).longValue())
        .sum();
  }

  /** The driver keeps all that was ever written to a changelog, which is not memory of a store. */
  private static void forgetChangelogs(TopologyTestDriver driver) {
    for (String topic : driver.producedTopicNames()) {
      driver
          .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
          .readRecordsToList();
    }
  }

  private static TestInputTopic<byte[], byte[]> topic(TopologyTestDriver driver, String name) {
    return driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
