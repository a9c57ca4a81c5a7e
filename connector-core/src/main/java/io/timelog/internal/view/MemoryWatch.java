package io.timelog.internal.view;

/** How an export learns that segments of a source that it holds have left memory. Thread-safe. */
public interface MemoryWatch {
  /**
   * Segments of a source lie in files. Called before a view has the other source, on the thread
   * that wrote the files; must not throw.
   *
   * @param before the source, whose segments stay in memory for as long as anybody holds it
   * @param inFiles has the same segments, in the same order; held by the caller meanwhile
   */
  void leftMemory(SegmentSource before, SegmentSource inFiles);
}
