package io.timelog.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs with all operators, which fail twice, have the results of plain loops. */
final class StreamsJobTest {
  private static List<String> expected = List.of();

  @BeforeAll
  static void computeByLoops() {
    expected = PlainStreams.of(JobRun.EVENTS);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORST")
  void job_hasTheResultsOfLoops(TimeIndexedStateJobTest.Backend on) throws Exception {
    on.run().requireResults(expected, StreamsJob::define);
  }

  @Test
  @Tag("oldest-flink")
  void unalignedCheckpoints_loseNothing() throws Exception {
    JobRun.onTimelog()
        .with(CheckpointingOptions.ENABLE_UNALIGNED, true)
        .with(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT, Duration.ZERO)
        .requireResults(expected, StreamsJob::define);
  }

  @Test
  void batch_hasTheSameResults_whereArrivalDoesNotMatter() throws Exception {
    JobRun.onTimelog()
        .requireResultsInBatchMode(
            expected.stream().filter(StreamsJobTest::isTheSameInBatchMode).toList(),
            events -> StreamsJob.define(events).filter(StreamsJobTest::isTheSameInBatchMode));
  }

  /** Batch mode sorts the events of a key, so there is no order of arrival any more. */
  private static boolean isTheSameInBatchMode(String line) {
    return line.startsWith("inner") || line.startsWith("full") || line.startsWith("on watermark");
  }

  /** The loops are right about joins, if Flink's join is. */
  @Test
  void loops_haveTheResultsOfFlinksJoin() throws Exception {
    assertThat(JobRun.resultsOnHeap(StreamsJobTest::joinOfFlink))
        .isEqualTo(expected.stream().filter(line -> line.startsWith("inner")).toList());
  }

  private static DataStream<String> joinOfFlink(KeyedStream<Event, Integer> events) {
    return events
        .filter(StreamsJob::isEven)
        .keyBy(Event::key)
        .intervalJoin(events.filter(event -> !StreamsJob.isEven(event)).keyBy(Event::key))
        .between(Duration.ofMillis(-StreamsJob.BEFORE), Duration.ofMillis(StreamsJob.AFTER))
        .lowerBoundExclusive()
        .process(new Inner())
        .returns(Types.STRING);
  }

  private static final class Inner extends ProcessJoinFunction<Event, Event, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Event left, Event right, Context context, Collector<String> out) {
      out.collect(StreamsJob.line("inner", left, right));
    }
  }
}
