package io.timelog.internal.checkpoint;

/** Frees memory of a store for a flush on a thread that is not the writer's. Thread-safe. */
public interface FlushRelief {
  /** What to ask for first. */
  long leastBytes();

  /** More than this cannot be had. */
  long mostBytes();

  /** Frees memory, as far as that is possible while the writer goes on. */
  void relieve(long bytes);
}
