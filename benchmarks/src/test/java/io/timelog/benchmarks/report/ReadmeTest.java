package io.timelog.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class ReadmeTest {
  private static final String README =
      """
      before
      <!-- results of evict -->
      old
      <!-- end of evict -->
      after
      """;

  @Test
  void replaced_changesThePartOfTheQuestionAndNothingElse() {
    assertThat(Readme.replaced(README, "evict", "new\n"))
        .isEqualTo(
            """
            before
            <!-- results of evict -->
            new
            <!-- end of evict -->
            after
            """);
  }

  @Test
  void replaced_refusesAQuestionWithoutAPart() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Readme.replaced(README, "memory", "new\n"))
        .withMessageContaining("question=memory");
  }
}
