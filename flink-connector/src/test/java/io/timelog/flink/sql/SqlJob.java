package io.timelog.flink.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;

/** All queries in one job on a cluster in this process, which fails twice on the way. */
final class SqlJob {
  private static final int FACTS = 4_000;
  private static final int FACTS_BETWEEN_CHECKPOINTS = FACTS / 8;
  private static final List<Long> FAILURES = List.of(3L, 7L);

  private final StreamExecutionEnvironment environment;
  private final StreamTableEnvironment tables;

  private SqlJob(Backend backend) {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, backend.type());
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, FAILURES.size());
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
    environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(2);
    tables = StreamTableEnvironment.create(environment);
  }

  /** What remains of each query's changes, sorted, with the number of times it is there. */
  @SuppressWarnings("try") // the results are closed on the thread of the test
  static Map<Query, Map<String, Long>> run(Backend backend) throws Exception {
    FailAfterCheckpoints.LEFT.addAll(FAILURES);
    SqlJob job = new SqlJob(backend);
    job.createTables();
    Map<Query, Map<String, Long>> results = new EnumMap<>(Query.class);
    for (Query query : Query.values()) {
      results.put(query, new TreeMap<>());
    }
    try (CloseableIterator<Tuple3<String, String, Long>> changes =
        job.changes().executeAndCollect()) {
      changes.forEachRemaining(
          change -> results.get(Query.valueOf(change.f0)).merge(change.f1, change.f2, SqlJob::sum));
    }
    if (!FailAfterCheckpoints.LEFT.isEmpty()) {
      throw new AssertionError("It did not fail after " + FailAfterCheckpoints.LEFT);
    }
    return results;
  }

  /** Null for zero, so that what was taken back is not there any more. */
  private static Long sum(Long left, Long right) {
    return left + right == 0 ? null : Long.valueOf(left + right);
  }

  private void createTables() {
    DataGeneratorSource<Fact> source =
        new DataGeneratorSource<>(
            Fact::of,
            FACTS,
            RateLimiterStrategy.perCheckpoint(FACTS_BETWEEN_CHECKPOINTS),
            TypeInformation.of(Fact.class));
    DataStream<Fact> facts =
        environment
            .fromSource(
                source,
                WatermarkStrategy.<Fact>forBoundedOutOfOrderness(
                        Duration.ofMillis(Fact.OUT_OF_ORDER_MILLIS))
                    .withTimestampAssigner((fact, before) -> fact.millis()),
                "facts")
            .setParallelism(1)
            .map(new FailAfterCheckpoints())
            .setParallelism(1);
    create("orders", facts, Fact.ORDER);
    create("payments", facts, Fact.PAYMENT);
    create("prices", facts, Fact.PRICE);
    tables.createTemporaryView(
        "latest_prices",
        tables.sqlQuery(
            """
            SELECT product, amount, ts
            FROM (
              SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY ts DESC) AS place
              FROM prices)
            WHERE place = 1
            """));
  }

  private void create(String table, DataStream<Fact> facts, String kind) {
    tables.createTemporaryView(
        table,
        facts.filter(fact -> fact.kind().equals(kind)).setParallelism(1),
        Schema.newBuilder()
            .column("id", DataTypes.BIGINT())
            .column("customer", DataTypes.STRING())
            .column("product", DataTypes.STRING())
            .column("amount", DataTypes.BIGINT())
            .columnByMetadata("ts", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
            .watermark("ts", "SOURCE_WATERMARK()")
            .build());
  }

  /** Query, row, and 1 if it came or -1 if it went. */
  private DataStream<Tuple3<String, String, Long>> changes() {
    List<DataStream<Tuple3<String, String, Long>>> all = new ArrayList<>();
    for (Query query : Query.values()) {
      String name = query.name();
      all.add(
          tables
              .toChangelogStream(tables.sqlQuery(query.sql()))
              .map(row -> Tuple3.of(name, fields(row), isThere(row) ? 1L : -1L))
              .returns(Types.TUPLE(Types.STRING, Types.STRING, Types.LONG)));
    }
    return all.stream().reduce((left, right) -> left.union(right)).orElseThrow();
  }

  private static boolean isThere(Row row) {
    return row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER;
  }

  private static String fields(Row row) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < row.getArity(); i++) {
      fields.append(i == 0 ? "" : ", ").append(row.getField(i));
    }
    return fields.toString();
  }
}
