package io.timelog.flink.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.flink.TimerService;
import io.timelog.flink.fixture.Backends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.OperatorTransformation;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Flink's State Processor API writes and reads savepoints through this backend. */
final class SavepointProcessingTest {
  private static final OperatorIdentifier OPERATOR = OperatorIdentifier.forUid("states");
  private static final int KEYS = 300;

  @TempDir private Path folder;

  enum Backend {
    TIMELOG,
    TIMELOG_WITH_TIMERS_IN_TABLES,
    HEAP;

    StateBackend make() {
      return switch (this) {
        case TIMELOG -> Backends.with(TimerService.HEAP);
        case TIMELOG_WITH_TIMERS_IN_TABLES -> Backends.with(TimerService.TIMELOG);
        case HEAP -> new HashMapStateBackend();
      };
    }
  }

  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of(Backend.TIMELOG, Backend.TIMELOG),
        Arguments.of(Backend.TIMELOG_WITH_TIMERS_IN_TABLES, Backend.TIMELOG_WITH_TIMERS_IN_TABLES),
        Arguments.of(Backend.TIMELOG_WITH_TIMERS_IN_TABLES, Backend.HEAP),
        Arguments.of(Backend.HEAP, Backend.TIMELOG));
  }

  @ParameterizedTest(name = "written by {0}, read by {1}")
  @MethodSource("pairs")
  void savepoint_isWrittenAndRead(Backend writer, Backend reader) throws Exception {
    String path = folder.resolve("savepoint").toUri().toString();
    write(writer.make(), path);

    assertThat(read(reader.make(), path))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, KEYS).mapToObj(Reader::expected).toList());
  }

  private static void write(StateBackend backend, String path) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(2);
    SavepointWriter.newSavepoint(environment, backend, 16)
        .withOperator(
            OPERATOR,
            OperatorTransformation.bootstrapWith(
                    environment.fromData(IntStream.range(0, KEYS).boxed().toList()))
                .keyBy(number -> number)
                .transform(new Writer()))
        .write(path);
    environment.execute();
  }

  @SuppressWarnings("try") // the results are closed on the thread of the test
  private static List<String> read(StateBackend backend, String path) throws Exception {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    environment.setParallelism(2);
    List<String> found = new ArrayList<>();
    try (CloseableIterator<String> results =
        SavepointReader.read(environment, path, backend)
            .readKeyedState(OPERATOR, new Reader())
            .executeAndCollect()) {
      results.forEachRemaining(found::add);
    }
    return found;
  }
}
