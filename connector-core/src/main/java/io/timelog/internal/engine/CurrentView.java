package io.timelog.internal.engine;

import io.timelog.internal.view.HeldViews;
import io.timelog.internal.view.TableView;
import java.util.function.UnaryOperator;

/**
 * What new readers of a table get, and how it is replaced: by one publication after the other,
 * under the lock of the store. Reading it takes no lock.
 */
final class CurrentView {
  private final Object publicationLock;
  private volatile TableView view = TableView.empty();
  private final HeldViews held = new HeldViews(view);

  /**
   * Beside the view and not in it, so that raising it, which is all that most evictions do, costs
   * no publication.
   */
  private volatile long floor = Long.MIN_VALUE;

  CurrentView(Object publicationLock) {
    this.publicationLock = publicationLock;
  }

  /**
   * The present view; maintenance may replace it and let it go at any time. The windows that take
   * writes stay while the writer is in an operation; who reads others retains the view.
   */
  TableView get() {
    return view;
  }

  /** The present view, held once more. */
  TableView retain() {
    while (true) {
      TableView now = view;
      if (now.tryRetain()) {
        return now;
      }
    }
  }

  /**
   * Nanoseconds since the oldest view that a reader still holds was replaced; 0 if all read the
   * present one.
   */
  long oldestAgeNanos() {
    return held.oldestAgeNanos();
  }

  /** No entry below is visible, whenever it was written. */
  long floor() {
    return floor;
  }

  /** Hides what is below the new floor. For the writer, inside an operation. */
  void raiseFloor(long newFloor) {
    floor = newFloor;
  }

  /** Puts what the change makes of the present view in its place; nothing if that is the same. */
  void publish(UnaryOperator<TableView> change) {
    synchronized (publicationLock) {
      replace(change.apply(view));
    }
  }

  /** Publishes the view without the windows that end before a timestamp. */
  void dropBefore(long timestamp) {
    synchronized (publicationLock) {
      replace(view.withoutOldest(view.firstWindowNotBefore(timestamp)));
    }
  }

  /** Lets go of everything, because the store is closed; deletes nothing. */
  void close() {
    synchronized (publicationLock) {
      TableView old = view;
      TableView empty = TableView.empty();
      old.closeBy(empty);
      view = empty;
      held.prune();
    }
  }

  private void replace(TableView next) {
    TableView old = view;
    if (next != old) {
      old.replaceBy(next);
      view = next;
      held.prune();
    }
  }
}
