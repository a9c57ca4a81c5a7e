package io.timelog.kafka.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.MemoryBudget;
import io.timelog.kafka.TimelogStoreConfig;
import java.util.Properties;
import org.apache.kafka.common.utils.LogCaptureAppender;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.junit.jupiter.api.Test;

final class MemoryBudgetsTest {
  private static MemoryBudget budget(String application, long bytes) {
    Properties config = StreamsTestUtils.getStreamsConfig(application);
    config.put(TimelogStoreConfig.MEMORY_BUDGET_BYTES, "" + bytes);
    return MemoryBudgets.of(
        new InternalMockProcessorContext<>(
            null, new StreamsConfig(config), new MockRecordCollector()));
  }

  @Test
  void applicationsOfOneId_thatAskForDifferentBudgets_areTold() {
    try (LogCaptureAppender log = LogCaptureAppender.createAndRegister(MemoryBudgets.class)) {
      MemoryBudget one = budget("twins", 1_000_000);
      MemoryBudget other = budget("twins", 2_000_000);

      assertThat(one).isNotSameAs(other);
      assertThat(log.getMessages())
          .containsExactly(
              "Two applications of one id in this process ask for different memory budgets, and"
                  + " each gets its own. Give them the same timelog.memory.budget.bytes, or ids of"
                  + " their own. application.id=twins, budgets=1000000 and 2000000 bytes");
      assertThat(budget("twins", 2_000_000)).isSameAs(other);
      assertThat(log.getMessages()).as("once").hasSize(1);
      assertThat(one.limitBytes()).isEqualTo(1_000_000);
    }
  }

  @Test
  void applicationsOfTheirOwnIds_areNotTold() {
    try (LogCaptureAppender log = LogCaptureAppender.createAndRegister(MemoryBudgets.class)) {
      MemoryBudget one = budget("one", 1_000_000);
      MemoryBudget other = budget("other", 2_000_000);

      assertThat(one).isNotSameAs(other);
      assertThat(log.getMessages()).isEmpty();
    }
  }
}
