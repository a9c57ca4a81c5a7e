package io.timelog.flink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same queries over the same input, with failures on the way, have the results that they have
 * on RocksDB and on the heap.
 */
@Timeout(600)
final class SqlTest {
  private static final Map<Backend, Map<Query, Map<String, Long>>> RESULTS =
      new EnumMap<>(Backend.class);

  @BeforeAll
  static void run() throws Exception {
    for (Backend backend : Backend.values()) {
      RESULTS.put(backend, SqlJob.run(backend));
    }
  }

  @ParameterizedTest
  @EnumSource
  void query_hasTheSameResultsAsOnRocksDbAndOnTheHeap(Query query) {
    Map<String, Long> results = RESULTS.get(Backend.TIMELOG).get(query);

    assertThat(results).hasSizeGreaterThan(10);
    assertThat(results.values()).allMatch(times -> times > 0);
    assertThat(results).isEqualTo(RESULTS.get(Backend.HEAP).get(query));
    assertThat(results).isEqualTo(RESULTS.get(Backend.ROCKSDB).get(query));
  }
}
