package io.timelog.internal.journal;

/** How the owner of a directory numbers and names the files of a log. Asked by the writer only. */
public interface LogFiles extends LogNames {
  /** A number that no file of the store has or had, larger than all of these, and positive. */
  long nextNumber();
}
