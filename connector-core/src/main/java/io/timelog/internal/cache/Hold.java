package io.timelog.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * Keeps one part of a segment in memory, for one reader, until it moves on or lets go. Belongs to
 * one thread at a time.
 */
public final class Hold {
  /** For parts that stay in memory whoever holds them: keeps nothing, so anybody may have it. */
  public static final Hold NONE = new Hold();

  private @Nullable Frame<?> frame;

  /** Keeps nothing. */
  Hold() {}

  /** Lets go of what was kept before, and takes over one pin of a frame. */
  void moveTo(Frame<?> pinned) {
    letGo();
    frame = pinned;
  }

  /** Lets go of the part, which must not be used any more. Does nothing if none is kept. */
  public void letGo() {
    Frame<?> kept = frame;
    if (kept != null) {
      frame = null;
      kept.unpin();
    }
  }
}
