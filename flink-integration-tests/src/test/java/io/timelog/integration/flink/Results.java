package io.timelog.integration.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;

/**
 * What a job has committed, in whatever order.
 *
 * @param lines one for each result
 */
public record Results(List<String> lines) {
  /** Each result as often as in the others. */
  public void areExactly(Results expected) {
    assertThat(expected.lines).hasSizeGreaterThan(1_000);
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(without(expected.lines, lines)).as("lost").isEmpty();
          softly.assertThat(without(lines, expected.lines)).as("too many").isEmpty();
        });
  }

  private static List<String> without(List<String> all, List<String> others) {
    List<String> rest = new ArrayList<>(all);
    Map<String, Long> left =
        others.stream().collect(Collectors.groupingBy(line -> line, Collectors.counting()));
    rest.removeIf(line -> left.merge(line, -1L, Long::sum) >= 0);
    return rest.stream().sorted().toList();
  }
}
