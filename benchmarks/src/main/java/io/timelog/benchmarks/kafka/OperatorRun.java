package io.timelog.benchmarks.kafka;

import io.timelog.benchmarks.engine.EngineKind;
import io.timelog.benchmarks.workload.ChildJvm;
import io.timelog.benchmarks.workload.CpuClock;
import io.timelog.benchmarks.workload.MemoryUse;
import io.timelog.benchmarks.workload.Rehearsal;
import io.timelog.kafka.TimelogDslStoreSuppliers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.SplittableRandom;
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
 * Measures one operator of the DSL on one kind of stores, in a JVM of its own: for some seconds
 * with a fifth of the records for the compiler, then with all of them in a new topology. No cache.
 */
public final class OperatorRun {
  private static final long SPAN = 600_000;
  private static final long START = 1_000 * SPAN;
  private static final int VALUE_BYTES = 100;
  private static final int RECORDS_KEPT = 4_096;
  private static final long REHEARSAL_NANOS_PER_RECORD = 40_000;

  private OperatorRun() {}

  /** Answers one {@link OperatorInput} with an {@link OperatorCost}. */
  public static void main(String[] args) {
    ChildJvm.answerFor(
        args,
        OperatorInput.class,
        (stores, input) -> {
          Rehearsal.of(
              end -> measure(stores, input, input.records() / 5),
              input.records(),
              REHEARSAL_NANOS_PER_RECORD);
          return measure(stores, input, input.records());
        });
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

  static OperatorCost measure(String stores, OperatorInput input, int records) {
    return TaskHost.inDirectory(directory -> measure(directory, stores, input, records));
  }

  private static OperatorCost measure(
      Path directory, String stores, OperatorInput input, int records) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "benchmark");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    config.put(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, suppliers(stores));
    EngineKind.Memory memory =
        stores.equals("rocksdb")
            ? EngineKind.Memory.RESIDENT_AND_DISK
            : EngineKind.Memory.HEAP_AND_DIRECT;
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
      byte[] value = new byte[VALUE_BYTES];
      long nanos = 0;
      for (int i = 0; i < records; i++) {
        byte[] key =
            ByteBuffer.allocate(12)
                .putLong(4, random.nextInt(input.keys()) * 2_654_435_761L)
                .array();
        long time = START + i * SPAN / records;
        if (i % 64 == 0) {
          nanos -= CpuClock.threadNanos();
        }
        (i % 2 == 0 ? in : other).pipeInput(key, value, time);
        if (i % 64 == 63 || i == records - 1) {
          nanos += CpuClock.threadNanos();
        }
        if (i % RECORDS_KEPT == 0 || i == records - 1) {
          forgetChangelogs(driver);
        }
      }
      return new OperatorCost(
          stores,
          input.operator().id(),
          input.keys(),
          (double) nanos / records,
          results.sum(),
          MemoryUse.now(directory).minus(before).bytes(memory));
    }
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
