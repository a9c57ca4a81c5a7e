package io.timelog.internal.checkpoint;

import io.timelog.internal.segment.Segment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment of an export, in memory or in a file, wherever the store has it at present. Readable by
 * the {@link StoreCut} that it belongs to. Thread-safe.
 */
public final class CutSegment {
  private final HeldSource source;
  private final int number;
  private final String name;
  private final long length;

  private CutSegment(HeldSource source, int number, Segment segment) {
    this.source = source;
    this.number = number;
    name = segment.name();
    length = segment.sizeBytes();
  }

  /** The segments of a source. */
  static List<CutSegment> all(HeldSource source, List<Segment> segments) {
    List<CutSegment> all = new ArrayList<>();
    for (int number = 0; number < segments.size(); number++) {
      all.add(new CutSegment(source, number, segments.get(number)));
    }
    return all;
  }

  /** The name of the segment, which no other one ever has. */
  public String name() {
    return name;
  }

  /** The length in bytes. */
  public long length() {
    return length;
  }

  void copyTo(long offset, ByteBuffer target) {
    if (!source.use(now -> now.segments().get(number).copyTo(offset, target))) {
      throw closed();
    }
  }

  boolean linkTo(Path target) {
    return source
        .map(now -> now.segments().get(number).linkTo(target))
        .orElseThrow(CutSegment::closed);
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("The export is closed");
  }

  @Override
  public String toString() {
    return "CutSegment[name=" + name + ", length=" + length + "]";
  }
}
