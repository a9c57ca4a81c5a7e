package io.timelog.kafka.internal.host;

import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;

/** What one kind of store answers. */
@FunctionalInterface
public interface QueryHandler {
  /**
   * Runs a query on the store as it is now, or as it was committed.
   *
   * @param level what the query may see
   * @return its result, a failed one if the store knows the query but cannot answer it as it is
   *     put; null if it does not know the query
   */
  @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level);
}
