package io.timelog.model;

/** When a store flushes, compacts, and starts and stops its maintenance. */
enum Upkeep {
  /** Never by call: only when the memtable or the budget makes it. */
  NONE(0, 0, 0, 0),
  /** A flush now and then, a compaction rarely. */
  RARE(60, 10, 0, 0),
  /** Flushes and compactions all the time. */
  FREQUENT(600, 390, 0, 0),
  /** Flushes all the time and never compacts, so that level 0 grows as far as it may. */
  FLUSH_ONLY(600, 0, 0, 0),
  /** In the background, from the start. */
  BACKGROUND(10, 5, 0, 0),
  /** In the background, off and on. */
  TOGGLED(60, 20, 100, 100);

  /** What to do at one moment. */
  enum Action {
    NOTHING,
    FLUSH,
    COMPACT,
    START,
    STOP
  }

  private final int flush;
  private final int compact;
  private final int start;
  private final int stop;

  /** Of a thousand moments, at how many to do what. */
  Upkeep(int flush, int compact, int start, int stop) {
    this.flush = flush;
    this.compact = compact;
    this.start = start;
    this.stop = stop;
  }

  Action action(int roll) {
    int rest = roll;
    if ((rest -= flush) < 0) {
      return Action.FLUSH;
    }
    if ((rest -= compact) < 0) {
      return Action.COMPACT;
    }
    if ((rest -= start) < 0) {
      return Action.START;
    }
    return rest - stop < 0 ? Action.STOP : Action.NOTHING;
  }
}
