package io.timelog.internal.journal;

/**
 * What a file of the log says about its place among the others.
 *
 * @param file its number
 * @param previous the number of the file before; {@link #NONE} if it is the first one of its log
 * @param previousLength how much of the file before counts, in bytes; all of that is durable
 */
record LogHeader(long file, long previous, long previousLength) {
  /** The number of no file. */
  static final long NONE = 0;
}
