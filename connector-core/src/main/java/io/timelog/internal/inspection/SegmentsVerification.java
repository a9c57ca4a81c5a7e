package io.timelog.internal.inspection;

import io.timelog.TimelogCorruptionException;
import io.timelog.VerificationReport.Loss;
import io.timelog.VerificationReport.NoRows;
import io.timelog.VerificationReport.Rows;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.compression.StoredPlace;
import io.timelog.internal.compression.StoredSegment;
import io.timelog.internal.directory.StoreFile;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.manifest.SegmentEntry;
import io.timelog.internal.manifest.SourceEntry;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.manifest.TableEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.WindowEntry;
import io.timelog.internal.segment.SegmentAudit;
import io.timelog.internal.segment.SegmentFindings;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all segments that a manifest names: that each is as it was written, is the one that the
 * manifest means, and lies where no other one does. Used once.
 */
final class SegmentsVerification {
  private static final HexFormat HEX = HexFormat.of();

  private final Disk disk;
  private final StoreManifest manifest;
  private final PageCodecs codecs;
  private final Faults faults;
  private long rows;
  private long bytes;

  SegmentsVerification(Disk disk, StoreManifest manifest, PageCodecs codecs, Faults faults) {
    this.disk = disk;
    this.manifest = manifest;
    this.codecs = codecs;
    this.faults = faults;
  }

  /** A segment as the manifest names it. */
  private record Named(
      TableEntry table, WindowEntry window, SegmentEntry segment, PlacedSegment place) {
    String file() {
      return new StoreFile(Kind.SEGMENTS, place.file()).name();
    }

    String tableName() {
      return table.shape().name();
    }

    /** How many bytes of the file it takes. */
    long storedLength() {
      return place.storedLength(segment.length());
    }

    boolean isIn(long fileLength) {
      return storedLength() <= fileLength - place.offset();
    }

    /** Whether it begins in another one, which does not begin behind it. */
    boolean beginsIn(Named other) {
      return place.file() == other.place.file()
          && place.offset() - other.place.offset() < other.storedLength();
    }

    Rows lost(long first, long last, OptionalLong rowCount) {
      return new Rows(tableName(), first, last, rowCount);
    }

    /** Its loss. */
    Rows lost() {
      return lost(segment.minTimestamp(), segment.maxTimestamp(), OptionalLong.empty());
    }
  }

  /** Rows that could be read. */
  long rows() {
    return rows;
  }

  /** Bytes of segments that were read. */
  long bytes() {
    return bytes;
  }

  /** Looks at all segments; these are the numbers of the files of segments that are there. */
  void run(Set<Long> present) {
    Map<FileId, PlacedSegment> places = new HashMap<>();
    manifest.places().forEach(place -> places.put(place.segment(), place));
    Set<FileId> seen = new HashSet<>();
    List<Named> all = new ArrayList<>();
    for (TableEntry table : manifest.contents().tables()) {
      for (WindowEntry window : table.windows()) {
        for (SourceEntry source : window.sources()) {
          List<Named> run = new ArrayList<>();
          for (SegmentEntry segment : source.segments()) {
            // Several sources may share a segment, which is looked at once.
            if (seen.add(segment.file())) {
              PlacedSegment place = Objects.requireNonNull(places.get(segment.file()));
              run.add(new Named(table, window, segment, place));
            }
          }
          verifyRun(run, present);
          all.addAll(run);
        }
      }
    }
    requireSpaceForEach(all);
  }

  /** Looks at segments that follow each other by key; the last key of one may begin the next. */
  private void verifyRun(List<Named> run, Set<Long> present) {
    byte[] lastKey = null;
    for (Named named : run) {
      if (!present.contains(named.place().file())) {
        String segment = named.segment().file().name();
        String problem = "Manifest names a file that is not there: segment=" + segment;
        fault(named, problem, named.lost());
        continue;
      }
      SegmentAudit audit = verify(named);
      if (audit != null) {
        byte[] firstKey = audit.firstKey();
        if (lastKey != null && firstKey != null && Arrays.compareUnsigned(lastKey, firstKey) > 0) {
          String problem = "Segments of a run are not in the order of their keys";
          fault(named, problem, new NoRows(named.tableName()));
        }
        lastKey = audit.lastKey();
      }
    }
  }

  /** Notes a fault that is of the segment as a whole. */
  private void fault(Named named, String problem, Loss loss) {
    faults.add(named.file(), named.place().offset(), problem, loss);
  }

  /** Looks at a segment; null if not even its sections could be read. */
  private @Nullable SegmentAudit verify(Named named) {
    try (PositionedFile file = disk.open(named.file())) {
      if (!named.isIn(file.length())) {
        String problem =
            "Manifest names a segment that was longer: length="
                + named.storedLength()
                + ", fileLength="
                + file.length();
        fault(named, problem, named.lost());
        return null;
      }
      bytes += named.storedLength();
      StoredSegment stored = stored(named, file);
      Told told = new Told(named, stored);
      TableShape shape = named.table().shape();
      SegmentSlice slice = new SegmentSlice(named.file(), stored, named.segment().length());
      SegmentAudit audit = new SegmentAudit(slice, shape.rule(), shape.keyGroups(), told);
      audit.run();
      if (!audit.hasSections()) {
        return null;
      }
      rows += audit.rowCount() - told.lostRows;
      String problem = otherThanMeant(named, audit);
      if (problem != null) {
        fault(named, problem, named.lost());
      }
      return audit;
    } catch (TimelogCorruptionException notThere) {
      // It was shortened meanwhile, or it is not known where in the file its parts are.
      faults.add(notThere, named.lost());
    } catch (UncheckedIOException | IOException e) {
      fault(named, Verification.unreadable(e), named.lost());
    }
    return null;
  }

  /** What a segment is in its file, whose failures are {@link UncheckedIOException}s. */
  private StoredSegment stored(Named named, PositionedFile file) {
    long start = named.place().offset();
    return new StoredPlace(
            named.file(),
            start,
            named.place().compressedLength(),
            (offset, target) -> read(file, start + offset, target))
        .open(named.segment().length(), codecs, new HeapMemory());
  }

  private static void read(PositionedFile file, long offset, ByteBuffer target) {
    try {
      file.read(offset, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a segment, which is whole, differs from the one that the manifest means; null if not. */
  private static @Nullable String otherThanMeant(Named named, SegmentAudit audit) {
    SegmentEntry segment = named.segment();
    WindowEntry window = named.window();
    if (audit.checksum() != segment.checksum()) {
      return "File has another segment than the manifest means: expectedChecksum=0x"
          + HEX.toHexDigits(segment.checksum())
          + ", checksum=0x"
          + HEX.toHexDigits(audit.checksum());
    }
    if (!audit.table().equals(named.tableName())) {
      return "Segment is one of another table: table=" + audit.table();
    }
    if (audit.minTimestamp() < window.first() || audit.maxTimestamp() > window.last()) {
      return "Segment has rows outside of its partition window: min="
          + audit.minTimestamp()
          + ", max="
          + audit.maxTimestamp()
          + ", window="
          + window.first()
          + ".."
          + window.last();
    }
    boolean isAsSaid =
        audit.minTimestamp() == segment.minTimestamp()
            && audit.maxTimestamp() == segment.maxTimestamp()
            && audit.firstGroup() == segment.firstGroup()
            && audit.lastGroup() == segment.lastGroup();
    return isAsSaid ? null : "Manifest does not say what a segment has: " + segment;
  }

  private void requireSpaceForEach(List<Named> all) {
    List<Named> inOrder = new ArrayList<>(all);
    inOrder.sort(
        Comparator.<Named>comparingLong(named -> named.place().file())
            .thenComparingLong(named -> named.place().offset()));
    for (int i = 1; i < inOrder.size(); i++) {
      Named named = inOrder.get(i);
      if (named.beginsIn(inOrder.get(i - 1))) {
        String problem =
            "Manifest names two segments in one place: segment=" + named.segment().file().name();
        fault(named, problem, new NoRows(named.tableName()));
      }
    }
  }

  /** Tells what an audit has found by file and table. */
  private final class Told implements SegmentFindings {
    private final Named named;
    private final StoredSegment stored;
    private long lostRows;

    Told(Named named, StoredSegment stored) {
      this.named = named;
      this.stored = stored;
    }

    private void fault(long offset, String problem, Loss loss) {
      faults.add(named.file(), stored.fileOffset(offset), problem, loss);
    }

    @Override
    public void rowsLost(long offset, String problem, long first, long last, long rowCount) {
      OptionalLong known = rowCount == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(rowCount);
      lostRows += known.orElse(0);
      fault(offset, problem, named.lost(first, last, known));
    }

    @Override
    public void segmentLost(long offset, String problem) {
      fault(offset, problem, named.lost());
    }

    @Override
    public void nothingLost(long offset, String problem) {
      fault(offset, problem, new NoRows(named.tableName()));
    }
  }
}
