package io.timelog.kafka.internal.expiry;

/** What becomes of an entry that lies exactly the retention behind stream time. */
public enum Expiry {
  /** It is gone: what an operator needs that emits on every update. */
  AT_RETENTION,
  /**
   * It stays for another millisecond, and what is older stays in memory for a while: an operator
   * that emits on close reads an entry for the last time when it has just expired.
   */
  AFTER_RETENTION
}
