package io.timelog.internal.directory;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers that no file of a store, of segments or of a log, ever had. Thread-safe. */
final class FileNumbers {
  private final AtomicLong next;

  /** Begins with a number that is larger than all before. */
  FileNumbers(long first) {
    next = new AtomicLong(first);
  }

  /** A number. */
  long take() {
    return next.getAndIncrement();
  }

  /** A number that is not zero. */
  long takePositive() {
    return Math.max(1, next.getAndUpdate(number -> Math.max(1, number) + 1));
  }

  /** No file of the store has or had this number or a larger one. */
  long bound() {
    return next.get();
  }
}
