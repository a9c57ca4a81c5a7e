package io.timelog.internal.journal;

/**
 * The last file of a log, behind which another one is begun.
 *
 * @param number the number of the file; {@link LogHeader#NONE} if there is none
 * @param durableBytes how much of it is known to be durable; a batch begins or would begin there
 * @param keptBytes how much of it counts; what is not durable of that goes into the next file, and
 *     counts there
 * @param firstBatch the number of its first batch, or of the next one if it has none
 * @param serials memtable windows that have rows in it
 */
record LogTail(long number, long durableBytes, long keptBytes, long firstBatch, SerialSet serials) {

  /** That of a log which has no files. */
  static LogTail none() {
    return new LogTail(LogHeader.NONE, 0, 0, 0, new SerialSet());
  }

  /** What the next file says about it, and about itself. */
  LogHeader headerOfNext(long next) {
    return new LogHeader(next, number, durableBytes);
  }

  /** Whether something of it goes into the next file, and so its last batch. */
  boolean hasCopy() {
    return keptBytes > durableBytes;
  }

  /** The windows that have rows in what goes into the next file, or more. */
  SerialSet serialsOfNext() {
    return hasCopy() ? serials.copy() : new SerialSet();
  }

  /** The file when the next one has begun. */
  ClosedLogFile closed() {
    return new ClosedLogFile(number, durableBytes, firstBatch, serials);
  }
}
