package io.timelog.internal.view;

import io.timelog.internal.tombstone.Tombstones;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The entries that one delete over all keys dropped: those that were visible in its range when it
 * was written. They are known by the sources and the version that a reader of that moment would
 * have read, which the retirement holds until they are reported.
 *
 * <p>They may be reported when every view that is older than the delete has been let go, because
 * then nobody can see them any more, wherever flush and compaction have put them meanwhile.
 */
public final class Retirement {
  private final List<PartitionWindow> windows;
  private final Tombstones earlier;
  private final long version;
  private final long first;
  private final long last;
  private final Consumer<Retirement> whenUnseen;
  private final Runnable whenReported;

  private Retirement(
      List<PartitionWindow> windows,
      Tombstones earlier,
      long version,
      long first,
      long last,
      Consumer<Retirement> whenUnseen,
      Runnable whenReported) {
    this.windows = windows;
    this.earlier = earlier;
    this.version = version;
    this.first = first;
    this.last = last;
    this.whenUnseen = whenUnseen;
    this.whenReported = whenReported;
    windows.forEach(PartitionWindow::retain);
  }

  /**
   * Notes what a delete is about to drop. Called under the lock under which the view is then
   * replaced.
   *
   * @param before the view before the delete
   * @param version the version of the delete; rows of later ones were not dropped
   * @param first the first deleted timestamp
   * @param last the last deleted timestamp, included
   * @param whenUnseen called once, on whichever thread lets go of the last view
   * @param whenReported called once, when the retirement lets go of what it holds
   * @return false if nothing can have been dropped; then neither is called
   */
  public static boolean begin(
      TableView before,
      long version,
      long first,
      long last,
      Consumer<Retirement> whenUnseen,
      Runnable whenReported) {
    List<PartitionWindow> touched = new ArrayList<>();
    for (PartitionWindow window : before.windows()) {
      if (first <= last && window.overlaps(first, last)) {
        touched.add(window);
      }
    }
    if (touched.isEmpty()) {
      return false;
    }
    before.addToLineage(
        new Retirement(
            touched, before.tombstones(), version, first, last, whenUnseen, whenReported));
    return true;
  }

  void unseen() {
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

  /** Lets go of the sources; once, after the report. */
  public void free() {
    windows.forEach(PartitionWindow::release);
    whenReported.run();
  }
}
