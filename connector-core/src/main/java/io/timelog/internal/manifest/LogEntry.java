package io.timelog.internal.manifest;

/**
 * A file of the commit log in a manifest.
 *
 * @param file number of the file in the directory
 * @param length how long it is as far as it counts, in bytes; {@link #OPEN} if it is still written
 */
public record LogEntry(long file, long length) {
  /** The length of a file that is still written. */
  public static final long OPEN = -1;
}
