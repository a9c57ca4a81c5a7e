package io.timelog.benchmarks.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Runs code where stores live: in a task, while it processes a record. */
public final class TaskHost {
  private static final byte[] RECORD = {1};

  private TaskHost() {}

  /**
   * Opens stores when a task with a state directory of its own is initialized, as {@code opening}
   * does it, and runs what that returns while the task processes a record.
   */
  static void run(Function<StateStoreContext, Runnable> opening) {
    run(Map.of(), opening);
  }

  /** As {@link #run(Function)}, in an application with some settings beside those that it needs. */
  public static void run(
      Map<String, Object> settings, Function<StateStoreContext, Runnable> opening) {
    inDirectory(
        directory -> {
          run(directory, settings, opening);
          return directory;
        });
  }

  /** Gives {@code use} a new directory and deletes it afterwards, with all that is in it. */
  static <R> R inDirectory(Function<Path, R> use) {
    try {
      Path directory = Files.createTempDirectory("timelog-benchmark");
      try {
        return use.apply(directory);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary directory for the stores", e);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private static void run(
      Path directory, Map<String, Object> settings, Function<StateStoreContext, Runnable> opening) {
    Topology topology = new Topology();
    topology.addSource("source", "topic");
    topology.addProcessor("processor", () -> new Host(opening), "source");
    Properties config = new Properties();
    config.putAll(settings);
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "benchmark");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9092");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    config.put(
        StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class.getName());
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, config)) {
      driver
          .createInputTopic("topic", new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(RECORD, RECORD, 0);
    }
  }

  private static final class Host implements Processor<byte[], byte[], Void, Void> {
    private final Function<StateStoreContext, Runnable> opening;

    @SuppressWarnings("NullAway.Init")
    private Runnable work;

    Host(Function<StateStoreContext, Runnable> opening) {
      this.opening = opening;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      // A task makes its directory only for stores that the topology knows.
      if (!context.stateDir().isDirectory() && !context.stateDir().mkdirs()) {
        throw new IllegalStateException("The task has no directory");
      }
      work = opening.apply((StateStoreContext) context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      work.run();
    }
  }
}
