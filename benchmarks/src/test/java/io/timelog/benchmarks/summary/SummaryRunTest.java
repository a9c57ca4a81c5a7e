package io.timelog.benchmarks.summary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SummaryRunTest {
  @Test
  void allMethods_giveTheSameAnswers() {
    SummaryInput input = new SummaryInput(3_000, 200);
    SummaryCost scanned = SummaryRun.run(SummaryMethod.SCAN, input);

    for (SummaryMethod method : SummaryMethod.values()) {
      SummaryCost cost = SummaryRun.run(method, input);
      assertThat(cost.checksum()).as("checksum of %s", method).isEqualTo(scanned.checksum());
      assertThat(cost.rangeNanos()).isPositive();
    }
  }

  @Test
  void asManyRangesAreAskedFor_asTheSlowestMethodCanAnswer() {
    assertThat(SummaryInput.of(1_000).ranges()).isEqualTo(10_000);
    assertThat(SummaryInput.of(100_000).ranges()).isEqualTo(200);
    assertThat(SummaryInput.of(10_000_000).ranges()).isEqualTo(20);
  }
}
