package io.timelog.internal.view;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Notices when a view and every older view of its table have been released.
 *
 * <p>An entry may stand in several sources one after the other, as flush and compaction rewrite it.
 * That its last source has ended therefore does not say that nobody can see it any more; that all
 * views older than the drop have ended does.
 */
final class Lineage {
  /*
   * A lineage is held by its view and by the lineage before it. It holds no view and no source, so a
   * reader that stays open for long keeps these few words per publication, not what was published.
   */
  private final AtomicInteger holders = new AtomicInteger(1);
  private final List<Runnable> whenEnded = new ArrayList<>();
  private volatile @Nullable Lineage next;
  private volatile long replacedNanos;

  /**
   * Runs the callback when this ends, on whichever thread releases the last view. Called before the
   * view is replaced, under the lock under which that happens.
   */
  void whenEnded(Runnable callback) {
    whenEnded.add(callback);
  }

  /** Says what comes after this. Called once, before the engine releases the view. */
  void replacedBy(Lineage successor) {
    successor.holders.incrementAndGet();
    replacedNanos = System.nanoTime();
    next = successor;
  }

  /** Whether the view and every older one have been released. */
  boolean isEnded() {
    return holders.get() == 0;
  }

  /** What came after this; null if nothing has yet. */
  @Nullable Lineage next() {
    return next;
  }

  /** When something came after this, as told by {@link System#nanoTime()}. */
  long replacedNanos() {
    return replacedNanos;
  }

  /** One holder less. */
  void release() {
    Lineage at = this;
    while (at != null && at.holders.decrementAndGet() == 0) {
      at.whenEnded.forEach(Runnable::run);
      at = at.next;
    }
  }
}
