package io.timelog.internal.view;

import io.timelog.internal.segment.Segment;
import java.util.concurrent.atomic.AtomicInteger;

/** A segment as a source: a handle that is closed when nobody holds it, on bytes that stay. */
public final class SegmentSource extends Source {
  private final Segment segment;

  SegmentSource(Segment segment, Stage stage) {
    super(segment, stage, segment.appliedVersion() + 1, new AtomicInteger());
    this.segment = segment;
  }

  @Override
  public Segment segment() {
    return segment;
  }

  @Override
  public boolean hasTombstones() {
    return segment.hasTombstones();
  }

  /**
   * {@inheritDoc} A segment with tombstones does not count: a scan asks it for all that may begin
   * before the range, and its tombstones stay until it is merged.
   */
  @Override
  public boolean findsByTime() {
    return segment.findsByTime() && !segment.hasTombstones();
  }

  @Override
  public long bytes() {
    return segment.sizeBytes();
  }

  @Override
  public long oldestBound() {
    return segment.minTimestamp();
  }

  @Override
  public long newestBound() {
    return segment.maxTimestamp();
  }

  @Override
  public long rowCount() {
    return segment.rowCount();
  }

  @Override
  public long entryCount() {
    return segment.entryCount();
  }

  @Override
  void free() {
    segment.close();
  }

  @Override
  void supersede() {
    segment.delete();
  }
}
