package io.timelog.internal.journal;

/** How the owner of a directory numbers and names the files of a log. Asked by the writer only. */
public interface LogFiles {
  /** A number that no file of the store has or had, larger than all of these, and positive. */
  long nextNumber();

  /** The name of the file of this number. */
  String name(long number);
}
