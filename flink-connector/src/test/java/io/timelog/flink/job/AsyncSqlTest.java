package io.timelog.flink.job;

import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.types.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL with asynchronous state, which has a time to live. */
final class AsyncSqlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT `key`, COUNT(*), SUM(`value`) FROM events GROUP BY `key`",
        "SELECT a.`key`, a.`value`, b.`value` FROM events a JOIN events b"
            + " ON a.`key` = b.`key` AND a.`time` = b.`time`"
      })
  void query_hasTheResultsOfTheHeapBackend(String query) throws Exception {
    JobRun.onTimelog().requireResultsOfHeap(events -> results(events, query));
  }

  private static DataStream<String> results(DataStream<Event> events, String query) {
    StreamTableEnvironment tables = StreamTableEnvironment.create(events.getExecutionEnvironment());
    tables.getConfig().set(ExecutionConfigOptions.TABLE_EXEC_ASYNC_STATE_ENABLED, true);
    tables.getConfig().set(ExecutionConfigOptions.IDLE_STATE_RETENTION, Duration.ofDays(1));
    tables.createTemporaryView("events", events);
    return tables
        .toChangelogStream(tables.sqlQuery(query))
        .map(Row::toString)
        .returns(String.class);
  }
}
