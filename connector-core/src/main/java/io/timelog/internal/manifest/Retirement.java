package io.timelog.internal.manifest;

import io.timelog.internal.tombstone.Tombstones;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sources of one partition window that left the manifest with entries that were deleted. When the
 * last view that had them and all older views are let go, nobody can see these entries any more:
 * then they are reported, and then the memory is freed.
 */
public final class Retirement {
  private final List<Source> sources;
  private final Tombstones deletes;
  private final long floor;
  private final Consumer<Retirement> whenUnseen;

  private Retirement(
      List<Source> sources, Tombstones deletes, long floor, Consumer<Retirement> whenUnseen) {
    this.sources = List.copyOf(sources);
    this.deletes = deletes;
    this.floor = floor;
    this.whenUnseen = whenUnseen;
  }

  /**
   * The sources leave with the view that has them, and of their entries those were dropped that the
   * deletes hide or that lie below the floor. Called under the lock under which the view is then
   * replaced.
   *
   * @param whenUnseen called once, on whichever thread lets go of the last view
   */
  public static void begin(
      TableView last,
      List<Source> sources,
      Tombstones deletes,
      long floor,
      Consumer<Retirement> whenUnseen) {
    Retirement retirement = new Retirement(sources, deletes, floor, whenUnseen);
    for (Source source : sources) {
      source.retire();
    }
    last.addToLineage(retirement);
  }

  void unseen() {
    whenUnseen.accept(this);
  }

  /** From the oldest to the newest. */
  public List<Source> sources() {
    return sources;
  }

  /** Whether an entry was dropped that stood in a source of this {@link Source#since()}. */
  public boolean dropped(long timestamp, long since) {
    return timestamp < floor || deletes.hides(timestamp, since);
  }

  /** Frees the memory of all sources; once, after the report. */
  public void free() {
    for (Source source : sources) {
      source.free();
    }
  }
}
