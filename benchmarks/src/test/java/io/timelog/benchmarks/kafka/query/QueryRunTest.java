package io.timelog.benchmarks.kafka.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.timelog.benchmarks.kafka.StoreKind;
import io.timelog.benchmarks.kafka.TaskHost;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.QueryConfig;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All stores do the same work, and what queries must find is what they find. */
final class QueryRunTest {
  private static final int ENTRIES = QueryInput.LEAST_ENTRIES;
  private static final QueryConfig CONFIG =
      Transactions.queryConfig(IsolationLevel.READ_UNCOMMITTED);

  static List<StoreKind> stores() {
    return QueryRun.stores();
  }

  @ParameterizedTest
  @MethodSource("stores")
  @Timeout(300)
  void whatIsQueriedMeanwhile_isRightInEverySituation(StoreKind kind) {
    QueryInput input = new QueryInput(ENTRIES, 4, 2, 1, Transactions.known());

    List<QueryCost> costs = QueryRun.measure(kind, input).costs();

    assertThat(costs)
        .extracting(QueryCost::situation)
        .containsExactlyElementsOf(
            Situation.of(input.stores()).stream().map(Situation::id).toList());
    for (QueryCost cost : costs) {
      Situation situation = Situation.of(cost.situation());
      assertThat(cost.putNanos()).isPositive();
      assertThat(cost.uncommittedBytes() > 0)
          .as(situation.id())
          .isEqualTo(situation == Situation.COMMITTING);
      if (situation == situation.baseline()) {
        assertThat(cost.ofBaseline()).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = StoreKind.class,
      names = {"TIMELOG_WINDOW", "TIMELOG_KEY_VALUE"})
  void anAnswerThatIsNotWhatWasPut_isRefused(StoreKind kind) {
    List<StoreJob> jobs = new ArrayList<>();
    TaskHost.run(
        Transactions.OFF.settings(),
        context -> {
          StoreJob job = StoreJob.open(kind, context, ENTRIES);
          return () -> {
            new Writer(job, Transactions.OFF).write(2L * ENTRIES);
            SplittableRandom draws = new SplittableRandom(1);
            for (int i = 0; i < 100; i++) {
              job.queryOne(draws, IsolationLevel.READ_UNCOMMITTED, CONFIG);
              job.queryMany(draws, IsolationLevel.READ_UNCOMMITTED, CONFIG);
            }
            for (long row = 0; row < 2L * ENTRIES; row++) {
              job.put(job.key(row), null, job.time(row));
            }
            assertThatIllegalStateException()
                .isThrownBy(() -> job.queryOne(draws, IsolationLevel.READ_UNCOMMITTED, CONFIG))
                .withMessageStartingWith("A row is missing: store=Timelog");
            assertThatIllegalStateException()
                .isThrownBy(() -> job.queryMany(draws, IsolationLevel.READ_UNCOMMITTED, CONFIG))
                .withMessageStartingWith("A group has other rows: store=Timelog");
            jobs.add(job);
          };
        });
    assertThat(jobs).hasSize(1);
  }
}
