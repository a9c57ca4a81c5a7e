package io.timelog.benchmarks.workload;

/**
 * What an engine has to do: take events in roughly time order, answer range scans of one key,
 * forget what has passed its retention. One tick per event.
 *
 * @param keys number of distinct keys, drawn uniformly
 * @param valueBytes length of a value, a multiple of eight
 * @param events number of events
 * @param warmup number of events before anything is measured
 * @param batch events between two readings of the clocks; divides {@code evictEvery}
 * @param displacedPercent share of events whose timestamp lies back
 * @param maxDisplacement by how many ticks at most
 * @param retention ticks that an entry lives
 * @param evictEvery events between evictions
 * @param scansPerBatch scans after each batch
 * @param scanRange ticks that a scan reaches back
 * @param seed of everything random
 */
public record Workload(
    int keys,
    int valueBytes,
    long events,
    long warmup,
    int batch,
    int displacedPercent,
    long maxDisplacement,
    long retention,
    long evictEvery,
    int scansPerBatch,
    long scanRange,
    long seed) {
  private static final long FEWEST_EVICTED_FROM = 10_000;

  /** Checks what the run relies on. */
  public Workload {
    if (valueBytes < 8 || valueBytes % 8 != 0) {
      throw new IllegalArgumentException(
          "Values are a positive multiple of eight bytes: valueBytes=" + valueBytes);
    }
    if (batch < 1 || evictEvery % batch != 0 || events % batch != 0 || warmup % batch != 0) {
      throw new IllegalArgumentException(
          "A batch divides events, warmup and evictEvery: batch="
              + batch
              + ", events="
              + events
              + ", warmup="
              + warmup
              + ", evictEvery="
              + evictEvery);
    }
    if (maxDisplacement > retention) {
      throw new IllegalArgumentException(
          "No event is older than the retention: maxDisplacement="
              + maxDisplacement
              + ", retention="
              + retention);
    }
  }

  /**
   * The main workload: 5 % of the events displaced by up to a hundredth of the retention, a
   * retention of a fifth of all events, which is the warm-up, and an eviction every hundredth.
   *
   * <p>With few keys a scan reads half the retention, once every thousand events; with many (fewer
   * than a hundred entries live per key) the whole retention, once every ten events.
   *
   * @param events a multiple of 100,000
   */
  public static Workload keyed(int keys, int valueBytes, long events) {
    long retention = events / 5;
    boolean sparse = retention / keys < 100;
    return new Workload(
        keys,
        valueBytes,
        events,
        retention,
        1000,
        5,
        retention / 100,
        retention,
        events / 100,
        sparse ? 100 : 1,
        sparse ? retention : retention / 2,
        42);
  }

  /**
   * A workload without scans in which every eviction removes a twentieth of the live entries. The
   * first half of the evictions is warm-up; the fewer entries, the more evictions.
   *
   * @param liveEntries of a thousand keys, a multiple of 10,000
   */
  public static Workload evictions(long liveEntries) {
    long evictEvery = liveEntries / 20;
    long evictions = Math.min(2_000, Math.max(40, 5_000_000 / evictEvery));
    return new Workload(
        1000,
        16,
        liveEntries + evictions * evictEvery,
        liveEntries + evictions / 2 * evictEvery,
        (int) Math.min(500, evictEvery),
        5,
        liveEntries / 100,
        liveEntries,
        evictEvery,
        0,
        0,
        42);
  }

  /**
   * A workload without scans and without end, to be cut where its user likes: an eviction every
   * fortieth of the retention.
   *
   * @param displacedPercent of the events, by up to a hundredth of the retention
   */
  public static Workload stream(int keys, int valueBytes, long retention, int displacedPercent) {
    return new Workload(
        keys,
        valueBytes,
        Long.MAX_VALUE,
        0,
        1,
        displacedPercent,
        Math.max(1, retention / 100),
        retention,
        Math.max(1, retention / 40),
        0,
        0,
        42);
  }

  /**
   * What to rehearse before this. Where evictions are the question, this is the smallest workload
   * of that kind: a large one evicts too seldom for the compiler to hear of it.
   */
  public Workload rehearsal() {
    return scansPerBatch == 0 ? evictions(FEWEST_EVICTED_FROM) : this;
  }

  /**
   * A workload without scans, of one and a half times as many events as stay alive.
   *
   * @param liveEntries a multiple of 20,000
   */
  public static Workload memory(int keys, long liveEntries) {
    return new Workload(
        keys,
        16,
        liveEntries * 3 / 2,
        liveEntries,
        1000,
        5,
        liveEntries / 100,
        liveEntries,
        liveEntries / 20,
        0,
        0,
        42);
  }
}
