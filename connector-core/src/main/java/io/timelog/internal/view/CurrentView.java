package io.timelog.internal.view;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The view that new readers of a table get. The writer and the maintenance thread replace it: each
 * decides on the next view by looking at the present one, and publishes it if that is still
 * present. Thread-safe; reading it takes no lock.
 */
public final class CurrentView {
  private final Object lock = new Object();
  private volatile TableView view = TableView.empty();
  private final HeldViews held = new HeldViews(view);

  /**
   * Beside the view and not in it, so that raising it, which is all that most evictions do, costs
   * no publication.
   */
  private volatile long floor = Long.MIN_VALUE;

  /** The view of an empty table. */
  public CurrentView() {}

  /**
   * The present view. Maintenance may replace and release it at any time. The windows that take
   * writes stay while the writer is in an operation; whoever reads others {@linkplain #retain
   * retains} the view.
   */
  public TableView get() {
    return view;
  }

  /** The present view, retained for the caller, who releases it. */
  public TableView retain() {
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
  public long oldestAgeNanos() {
    return held.oldestAgeNanos();
  }

  /** No entry below is visible, whenever it was written. */
  public long floor() {
    return floor;
  }

  /** Hides what is below the new floor. For the writer, inside an operation. */
  public void raiseFloor(long newFloor) {
    floor = newFloor;
  }

  /**
   * Replaces the view that {@code next} was made of.
   *
   * @param old what the caller took for the present view
   * @param next the same object as {@code old} to change nothing
   * @return false, with nothing changed, if another view was published meanwhile: decide again
   */
  public boolean publish(TableView old, TableView next) {
    return publish(old, next, null);
  }

  /**
   * Replaces the present view.
   *
   * @param change makes another view of the present one; called again if another view was published
   *     meanwhile
   */
  public void update(UnaryOperator<TableView> change) {
    TableView now;
    do {
      now = view;
    } while (!publish(now, change.apply(now)));
  }

  /** As {@link #publish(TableView, TableView)}; a watch is told of the end of the old view. */
  @SuppressWarnings("ReferenceEquality") // the very view that the caller looked at
  public boolean publish(TableView old, TableView next, @Nullable ViewWatch watch) {
    synchronized (lock) {
      if (view != old) {
        return false;
      }
      if (next != old) {
        if (watch != null) {
          watch.replaced();
          old.lineage().whenEnded(watch::unseen);
        }
        old.replaceBy(next);
        view = next;
        held.prune();
      }
      return true;
    }
  }

  /** Lets go of everything, because the store is closed; deletes nothing. */
  public void close() {
    take().release();
  }

  /**
   * Lets go of everything and deletes nothing, because another table takes its place. What is
   * merged just now is thrown away.
   *
   * @return the last view, retained for the caller, who releases it
   */
  public TableView take() {
    synchronized (lock) {
      TableView old = retain();
      TableView empty = TableView.empty();
      old.closeBy(empty);
      view = empty;
      held.prune();
      return old;
    }
  }
}
