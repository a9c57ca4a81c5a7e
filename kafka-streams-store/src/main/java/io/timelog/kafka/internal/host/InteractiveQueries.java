package io.timelog.kafka.internal.host;

import java.util.function.Function;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for every interactive query, whatever the store and the query: the bound that
 * the store must have come to, the position that the result reports, and that nothing is ever
 * thrown.
 */
final class InteractiveQueries {
  private InteractiveQueries() {}

  /**
   * Answers {@code query}, or says in a failed result why not.
   *
   * @param reached the position of the store, taken before anything is read
   * @param partition of the task that owns the store
   */
  static <R> QueryResult<R> answer(
      Query<R> query,
      PositionBound bound,
      QueryConfig config,
      StateStore store,
      Position reached,
      int partition,
      Function<Query<?>, @Nullable QueryResult<?>> handler) {
    long started = config.isCollectExecutionInfo() ? System.nanoTime() : 0;
    QueryResult<R> result =
        isReached(reached, bound, partition)
            ? run(query, store, handler)
            : QueryResult.notUpToBound(reached, bound, partition);
    if (config.isCollectExecutionInfo()) {
      result.addExecutionInfo(
          "Handled in " + store.getClass() + " in " + (System.nanoTime() - started) + "ns");
    }
    result.setPosition(reached);
    return result;
  }

  @SuppressWarnings("unchecked") // A handler answers a Query<R> with a result of R.
  private static <R> QueryResult<R> run(
      Query<R> query, StateStore store, Function<Query<?>, @Nullable QueryResult<?>> handler) {
    try {
      @Nullable QueryResult<?> result = handler.apply(query);
      return result == null
          ? QueryResult.forUnknownQueryType(query, store)
          : (QueryResult<R>) result;
    } catch (RuntimeException e) {
      return QueryResult.forFailure(
          FailureReason.STORE_EXCEPTION,
          "Query failed: store=" + store.name() + ", query=" + query + ", cause=" + e);
    }
  }

  private static boolean isReached(Position reached, PositionBound bound, int partition) {
    Position wanted = bound.position();
    for (String topic : wanted.getTopics()) {
      Long offset = wanted.getPartitionPositions(topic).get(partition);
      Long reachedOffset = reached.getPartitionPositions(topic).get(partition);
      if (offset != null && (reachedOffset == null || reachedOffset < offset)) {
        return false;
      }
    }
    return true;
  }
}
