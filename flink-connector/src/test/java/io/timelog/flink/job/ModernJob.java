package io.timelog.flink.job;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.dsv2.DataStreamV2SinkUtils;
import org.apache.flink.api.connector.dsv2.DataStreamV2SourceUtils;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.datastream.api.ExecutionEnvironment;
import org.apache.flink.datastream.api.common.Collector;
import org.apache.flink.datastream.api.context.PartitionedContext;
import org.apache.flink.datastream.api.extension.eventtime.EventTimeExtension;
import org.apache.flink.datastream.api.function.OneInputStreamProcessFunction;
import org.apache.flink.datastream.impl.ExecutionEnvironmentImpl;

/** A job of Flink's DataStream V2 over the events, on a cluster in this process. */
final class ModernJob {
  private static final int EVENTS = 12_000;

  private static final ConcurrentHashMap<String, Set<String>> RESULTS = new ConcurrentHashMap<>();

  private ModernJob() {}

  /**
   * Runs it, and returns what it has put out. What is put out again after a failure counts once, if
   * it is the same.
   */
  static Collection<String> run(Configuration configuration) throws Exception {
    String id = UUID.randomUUID().toString();
    RESULTS.put(id, ConcurrentHashMap.newKeySet());
    ExecutionEnvironmentImpl environment =
        (ExecutionEnvironmentImpl) ExecutionEnvironment.getInstance();
    environment.getConfiguration().addAll(configuration);
    environment.setParallelism(2);
    environment.setExecutionMode(RuntimeExecutionMode.STREAMING);
    environment
        .fromSource(
            DataStreamV2SourceUtils.wrapSource(new NumberSequenceSource(0, EVENTS - 1)), "numbers")
        .withParallelism(1)
        .process(new ToEvent())
        .withParallelism(1)
        .process(
            EventTimeExtension.<Event>newWatermarkGeneratorBuilder(event -> event.time)
                .withMaxOutOfOrderTime(Duration.ofMillis(200))
                .perEventWatermark()
                .buildAsProcessFunction())
        .withParallelism(1)
        .keyBy(Event::key)
        .process(EventTimeExtension.wrapProcessFunction(new ModernRolling()))
        .toSink(DataStreamV2SinkUtils.wrapSink(new Collected(id)));
    environment.execute("rolling");
    return new TreeSet<>(RESULTS.remove(id));
  }

  /** Makes events of numbers, and fails as {@link FailingOnce} does. */
  private static final class ToEvent
      implements OneInputStreamProcessFunction<Long, Event>, CheckpointListener {
    private static final long serialVersionUID = 1L;

    @Override
    public void processRecord(
        Long number, Collector<Event> out, PartitionedContext<Event> context) {
      out.collect(Event.of(number));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      new FailingOnce().notifyCheckpointComplete(checkpointId);
    }
  }

  /** Collects results for the test, which is in the same process. */
  private static final class Collected implements Sink<String> {
    private static final long serialVersionUID = 1L;

    private final String id;

    Collected(String id) {
      this.id = id;
    }

    @Override
    public SinkWriter<String> createWriter(WriterInitContext context) {
      Set<String> results = RESULTS.get(id);
      return new SinkWriter<>() {
        @Override
        public void write(String result, Context of) {
          results.add(result);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
      };
    }
  }
}
