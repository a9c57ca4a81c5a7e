package io.timelog.internal.compression;

import io.timelog.PageCodec;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.Checksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;

/** A segment of which some pages are compressed where it lies. */
final class CompressedSegment implements StoredSegment {
  /*
   * Pages are asked for one by one, or several at once by scans, and nearly always whole. Whole ones are
   * decompressed into the place where they are wanted; others by way of a buffer. What lies side by side
   * is read at once.
   *
   * Buffers are as long as what is decompressed from them, although less would do: a pool then has few
   * lengths of them, those of pages, and need not make new ones.
   */

  /** Pages are read at once that are no more than this when they are decompressed. */
  private static final int MAX_READ_BYTES = 1 << 20;

  private final StoredPlace place;
  private final PieceMemory memory;
  private final PageCodec codec;

  /** Table, name and end, from 0 to the limit. */
  private final ByteBuffer tail;

  /** What the tail is in. */
  private final ByteBuffer taken;

  private final int count;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CompressedSegment(
      StoredPlace place, PieceMemory memory, PageCodec codec, ByteBuffer tail, ByteBuffer taken) {
    this.place = place;
    this.memory = memory;
    this.codec = codec;
    this.tail = tail;
    this.taken = taken;
    this.count = CompressedFormat.count(tail);
  }

  /** See {@link StoredPlace#open}. */
  static CompressedSegment open(
      StoredPlace place, long length, PageCodecs codecs, PieceMemory memory) {
    int tailLength = tailLength(place, memory);
    ByteBuffer taken = memory.take(tailLength);
    try {
      ByteBuffer tail = taken.clear().slice(0, tailLength).order(ByteOrder.LITTLE_ENDIAN);
      long tailStart = place.compressedLength() - tailLength;
      place.bytes().read(tailStart, tail);
      tail.clear();
      checkTail(place, tail, tailStart);
      PageCodec codec = codecs.named(CompressedFormat.name(tail), place.source(tailStart));
      if (!piecesFit(tail, length, tailStart)) {
        throw damaged(
            "Table of a compressed segment does not fit it: length=" + length, place, tailStart);
      }
      return new CompressedSegment(place, memory, codec, tail, taken);
    } catch (RuntimeException | Error e) {
      memory.give(taken);
      throw e;
    }
  }

  /** The length of the tail, by its end, which is not checked yet but for being in bounds. */
  private static int tailLength(StoredPlace place, PieceMemory memory) {
    long endStart = place.compressedLength() - CompressedFormat.END_BYTES;
    if (endStart <= 0) {
      throw damaged(
          "Compressed segment is too short: length=" + place.compressedLength(), place, 0);
    }
    ByteBuffer taken = memory.take(CompressedFormat.END_BYTES);
    try {
      ByteBuffer end =
          taken.clear().slice(0, CompressedFormat.END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      place.bytes().read(endStart, end);
      end.clear();
      int count = CompressedFormat.count(end);
      int nameLength = CompressedFormat.nameLength(end);
      long length = CompressedFormat.tailLength(count, nameLength);
      if (!CompressedFormat.hasMagic(end)
          || count < 1
          || nameLength < 1
          || nameLength > PageCodecs.MAX_NAME_LENGTH
          || length >= place.compressedLength()
          || length > Integer.MAX_VALUE) {
        throw damaged(
            "These are not the last bytes of a compressed segment: pieces="
                + count
                + ", nameLength="
                + nameLength,
            place,
            endStart);
      }
      return (int) length;
    } finally {
      memory.give(taken);
    }
  }

  private static void checkTail(StoredPlace place, ByteBuffer tail, long tailStart) {
    int stored = CompressedFormat.checksum(tail);
    int computed = CompressedFormat.computeChecksum(tail);
    if (stored != computed) {
      throw damaged(
          "Table of a compressed segment checksum mismatch: " + Checksum.mismatch(stored, computed),
          place,
          tailStart);
    }
    // After the checksum, so that damage is not taken for another version.
    int version = CompressedFormat.version(tail);
    if (version != CompressedFormat.VERSION) {
      throw new TimelogException(
          "Compressed segment has a format that this build does not read, use a "
              + (version > CompressedFormat.VERSION ? "newer" : "older")
              + " version of Timelog: formatVersion="
              + version
              + ", known="
              + CompressedFormat.VERSION
              + ", source="
              + place.source(tailStart));
    }
  }

  /** Whether the pieces fill the segment and what lies before the tail, and none is too long. */
  private static boolean piecesFit(ByteBuffer tail, long length, long tailStart) {
    long end = 0;
    long storedEnd = 0;
    for (int piece = 0; piece < CompressedFormat.count(tail); piece++) {
      long pieceLength = CompressedFormat.end(tail, piece) - end;
      long storedLength = CompressedFormat.storedEnd(tail, piece) - storedEnd;
      if (storedLength <= 0
          || storedLength > pieceLength
          || (storedLength < pieceLength && pieceLength > CompressedFormat.MAX_COMPRESSED_BYTES)) {
        return false;
      }
      end += pieceLength;
      storedEnd += storedLength;
    }
    return end == length && CompressedFormat.length(tail) == length && storedEnd == tailStart;
  }

  private long start(int piece) {
    return piece == 0 ? 0 : end(piece - 1);
  }

  private long end(int piece) {
    return CompressedFormat.end(tail, piece);
  }

  private long storedStart(int piece) {
    return piece == 0 ? 0 : storedEnd(piece - 1);
  }

  private long storedEnd(int piece) {
    return CompressedFormat.storedEnd(tail, piece);
  }

  private boolean isAsItIs(int piece) {
    return storedEnd(piece) - storedStart(piece) == end(piece) - start(piece);
  }

  /** The piece that has a byte of the segment. */
  private int pieceAt(long offset) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * {@inheritDoc}
   *
   * @throws TimelogCorruptionException if a page is not as it was written
   * @throws io.timelog.MemoryBudgetExceededException if there is no room for what is compressed
   */
  @Override
  public void read(long offset, ByteBuffer target) {
    long at = offset;
    long end = offset + target.remaining();
    while (at < end) {
      int piece = pieceAt(at);
      int last = isAsItIs(piece) ? piece : lastToRead(piece, end);
      int size = (int) (Math.min(end, end(last)) - at);
      ByteBuffer part = target.slice(target.position(), size);
      if (isAsItIs(piece)) {
        place.bytes().read(storedStart(piece) + at - start(piece), part);
      } else {
        readCompressed(piece, last, at, part);
      }
      target.position(target.position() + size);
      at += size;
    }
  }

  /** The last of the compressed pieces from one on that are read with it. */
  private int lastToRead(int piece, long end) {
    int last = piece;
    while (last + 1 < count
        && end(last) < end
        && !isAsItIs(last + 1)
        && end(last + 1) - start(piece) <= MAX_READ_BYTES) {
      last++;
    }
    return last;
  }

  private void readCompressed(int first, int last, long from, ByteBuffer target) {
    long storedFrom = storedStart(first);
    int storedLength = (int) (storedEnd(last) - storedFrom);
    ByteBuffer buffer = memory.take((int) (end(last) - start(first)));
    try {
      place.bytes().read(storedFrom, buffer.clear().limit(storedLength));
      buffer.clear();
      for (int piece = first; piece <= last; piece++) {
        int at = (int) (storedStart(piece) - storedFrom);
        ByteBuffer compressed = buffer.slice(at, (int) (storedEnd(piece) - storedStart(piece)));
        check(piece, compressed);
        expand(piece, compressed, (int) (Math.max(from, start(piece)) - start(piece)), target);
      }
    } finally {
      memory.give(buffer);
    }
  }

  private void check(int piece, ByteBuffer compressed) {
    int stored = CompressedFormat.checksum(tail, piece);
    int computed = Checksum.of(compressed, 0, compressed.limit());
    if (stored != computed) {
      throw damaged(
          "Compressed page checksum mismatch: " + Checksum.mismatch(stored, computed),
          place,
          storedStart(piece));
    }
  }

  /** Puts a piece, without the bytes before {@code skipped}, into what a target has room for. */
  private void expand(int piece, ByteBuffer compressed, int skipped, ByteBuffer target) {
    int length = (int) (end(piece) - start(piece));
    int wanted = Math.min(length - skipped, target.remaining());
    if (wanted == length) {
      decompress(piece, compressed, target.slice(target.position(), length));
      target.position(target.position() + length);
      return;
    }
    ByteBuffer buffer = memory.take(length);
    try {
      ByteBuffer whole = buffer.clear().slice(0, length);
      decompress(piece, compressed, whole);
      target.put(whole.slice(skipped, wanted));
    } finally {
      memory.give(buffer);
    }
  }

  private void decompress(int piece, ByteBuffer compressed, ByteBuffer page) {
    try {
      codec.decompress(compressed, page);
    } catch (RuntimeException e) {
      TimelogCorruptionException damage =
          damaged("Page cannot be decompressed: codec=" + codec.name(), place, storedStart(piece));
      damage.initCause(e);
      throw damage;
    }
    if (page.hasRemaining()) {
      throw damaged(
          "Page is decompressed to fewer bytes than were compressed: missing="
              + page.remaining()
              + ", codec="
              + codec.name(),
          place,
          storedStart(piece));
    }
  }

  private static TimelogCorruptionException damaged(String problem, StoredPlace place, long at) {
    return new TimelogCorruptionException(problem, place.file(), place.offset() + at);
  }

  @Override
  public long fileOffset(long offset) {
    int piece = pieceAt(offset);
    long inPiece = isAsItIs(piece) ? offset - start(piece) : 0;
    return place.offset() + storedStart(piece) + inPiece;
  }

  @Override
  public long heldBytes() {
    return closed.get() ? 0 : taken.capacity();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      memory.give(taken);
    }
  }
}
