package io.timelog.internal.manifest;

import io.timelog.internal.tombstone.Tombstones;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Sources of one partition window that left the manifest with entries that were deleted. When no
 * view holds any of them, nobody can see these entries any more: then they are reported, and then
 * the memory is freed.
 */
public final class Retirement {
  private final List<Source> sources;
  private final Tombstones deletes;
  private final long floor;
  private final AtomicInteger waitingFor;
  private final Consumer<Retirement> whenUnseen;

  private Retirement(
      List<Source> sources, Tombstones deletes, long floor, Consumer<Retirement> whenUnseen) {
    this.sources = List.copyOf(sources);
    this.deletes = deletes;
    this.floor = floor;
    this.waitingFor = new AtomicInteger(sources.size());
    this.whenUnseen = whenUnseen;
  }

  /**
   * The sources leave, and of their entries those were dropped that the deletes hide or that lie
   * below the floor.
   *
   * @param whenUnseen called once, on whichever thread lets go of the last view
   */
  public static void begin(
      List<Source> sources, Tombstones deletes, long floor, Consumer<Retirement> whenUnseen) {
    Retirement retirement = new Retirement(sources, deletes, floor, whenUnseen);
    for (Source source : sources) {
      source.retire(retirement);
    }
  }

  void sourceReleased() {
    if (waitingFor.decrementAndGet() == 0) {
      whenUnseen.accept(this);
    }
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
