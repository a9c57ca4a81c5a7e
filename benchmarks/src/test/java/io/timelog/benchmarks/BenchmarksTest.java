package io.timelog.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command that is not understood is answered by one line and by the exit status of the shell. */
final class BenchmarksTest {
  @TempDir private Path results;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    return Benchmarks.run(
        words, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spill   | --megabyte=64      | No such option: option=megabyte
          spill   | rounds=3           | Options are written --name=value: option=rounds=3
          spill   | --rounds=many      | This is not a number: value=many
          spill   | --percents=125,few | This is not a number: value=few
          spill   | --engines=oracle   | No such engine: engine=oracle. Known are
          reopen  | --kinds=heap       | No such kind of state: kind=heap. Known are timelog-memory
          render  | --round=1          | No such option: option=round
          spil    | --rounds=3         | No such question: question=spil. Known are keyed-workload
          """)
  void commandThatIsNotUnderstood_isToldWhy_andEndsWith2(
      String word, String option, String message) {
    assertThat(run(word, option)).isEqualTo(2);

    assertThat(err.toString(UTF_8)).startsWith(message).hasLineCount(1);
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void commandThatWasObeyed_endsWith0() {
    assertThat(run("render", "--results=" + results)).isZero();

    assertThat(err.toString(UTF_8)).isEmpty();
  }
}
