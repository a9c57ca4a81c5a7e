package io.timelog.benchmarks.kafka.query;

/**
 * What a put into one store cost in one situation, medians over the passes of one round.
 *
 * @param store id of the store
 * @param situation id of the situation
 * @param putNanos CPU time of the thread that puts, its commits included
 * @param processNanos the same with all other threads, those of the collector and of RocksDB; those
 *     that query, too
 * @param commitNanos the part of {@code putNanos} that is spent in commits
 * @param ofBaseline {@code putNanos} divided by those of the situation's baseline in the same pass
 * @param processOfBaseline {@code processNanos}, divided likewise
 * @param onesPerSecond answers of one row that all readers got together in a second by the clock
 * @param manysPerSecond answers of many rows, likewise
 * @param uncommittedBytes that the store says it has written since the last commit, at the moment
 *     of the next one; zero unless the situation is {@link Situation#COMMITTING}
 * @param heldBytes what it holds at that moment beyond what the same store holds that makes no
 *     commits, by its own account; zero if it has none
 */
public record QueryCost(
    String store,
    String situation,
    double putNanos,
    double processNanos,
    double commitNanos,
    double ofBaseline,
    double processOfBaseline,
    double onesPerSecond,
    double manysPerSecond,
    long uncommittedBytes,
    long heldBytes) {
  /** Whether it is of that store and situation. */
  public boolean isOf(String storeId, Situation other) {
    return store.equals(storeId) && situation.equals(other.id());
  }
}
