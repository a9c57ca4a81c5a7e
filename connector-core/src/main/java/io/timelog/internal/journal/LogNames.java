package io.timelog.internal.journal;

/** How the owner of a directory names the files of a log. */
@FunctionalInterface
public interface LogNames {
  /** The name of the file of this number. */
  String name(long number);
}
