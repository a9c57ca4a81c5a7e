package io.timelog.internal.drop;

import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.TableView;
import io.timelog.internal.view.ViewWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries that one delete over all keys dropped: those that were visible in its range when it
 * was written. They are known by the sources and the version that a reader of that moment would
 * have read, which the retirement holds until they are reported.
 *
 * <p>They may be reported when every view that is older than the delete has been released, because
 * then nobody can see them any more, wherever flush and compaction have put them meanwhile.
 */
public final class Retirement implements ViewWatch {
  private final List<PartitionWindow> windows;
  private final Tombstones earlier;
  private final long version;
  private final long first;
  private final long last;
  private final Consumer<Retirement> whenUnseen;
  private final Runnable whenFreed;

  private Retirement(
      List<PartitionWindow> windows,
      Tombstones earlier,
      long version,
      long first,
      long last,
      Consumer<Retirement> whenUnseen,
      Runnable whenFreed) {
    this.windows = windows;
    this.earlier = earlier;
    this.version = version;
    this.first = first;
    this.last = last;
    this.whenUnseen = whenUnseen;
    this.whenFreed = whenFreed;
  }

  /**
   * What a delete is about to drop; null if that is nothing. It is held from the moment in which
   * the view is replaced until {@link #free()}.
   *
   * @param before the view before the delete
   * @param version the version of the delete; rows of later ones were not dropped
   * @param first the first deleted timestamp
   * @param last the last deleted timestamp, included
   * @param whenUnseen gets the retirement once, on whichever thread releases the last view
   * @param whenFreed runs once, when the retirement releases what it holds
   */
  public static @Nullable Retirement of(
      TableView before,
      long version,
      long first,
      long last,
      Consumer<Retirement> whenUnseen,
      Runnable whenFreed) {
    if (first > last) {
      return null;
    }
    List<PartitionWindow> touched = new ArrayList<>();
    int to = before.lastWindowNotAfter(last);
    for (int i = before.firstWindowNotBefore(first); i <= to; i++) {
      touched.add(before.window(i));
    }
    return touched.isEmpty()
        ? null
        : new Retirement(touched, before.tombstones(), version, first, last, whenUnseen, whenFreed);
  }

  @Override
  public void replaced() {
    windows.forEach(PartitionWindow::retain);
  }

  @Override
  public void unseen() {
    whenUnseen.accept(this);
  }

  /** The partition windows that the delete touched, as they were. */
  public List<PartitionWindow> windows() {
    return windows;
  }

  /** The deletes before this one; what they hide was dropped by them. */
  public Tombstones earlier() {
    return earlier;
  }

  /** Rows of later versions were not dropped. */
  public long version() {
    return version;
  }

  /** The first deleted timestamp. */
  public long first() {
    return first;
  }

  /** The last deleted timestamp, included. */
  public long last() {
    return last;
  }

  /** Releases the sources. Call once, after the report. */
  public void free() {
    windows.forEach(PartitionWindow::release);
    whenFreed.run();
  }
}
