package io.timelog.internal.compression;

import io.timelog.PageCodec;
import io.timelog.internal.cache.ByteSource;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.DiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes segments with their pages compressed. Holds two buffers on the heap, each of the longest
 * page that it has compressed. Not thread-safe.
 */
public final class CompressedOutput {
  private static final int COPY_BYTES = 64 << 10;

  private final PageCodec codec;
  private ByteBuffer page = ByteBuffer.allocate(COPY_BYTES);
  private ByteBuffer compressed = ByteBuffer.allocate(COPY_BYTES);

  /** Writes what a codec compresses. */
  public CompressedOutput(PageCodec codec) {
    this.codec = codec;
  }

  /** A piece, by where it ends in the segment and in the file. */
  private record Piece(long end, long storedEnd, int checksum, boolean isAsItIs) {}

  /** The pieces of one segment so far. */
  private static final class Pieces {
    private final List<Piece> pieces = new ArrayList<>();
    private long end;
    private long storedEnd;

    void addCompressed(int length, ByteBuffer bytes) {
      end += length;
      storedEnd += bytes.remaining();
      pieces.add(new Piece(end, storedEnd, Checksum.of(bytes, 0, bytes.limit()), false));
    }

    /** Adds what is as it is; all of that side by side is one piece. */
    void addAsItIs(long length) {
      end += length;
      storedEnd += length;
      int last = pieces.size() - 1;
      if (last >= 0 && pieces.get(last).isAsItIs()) {
        pieces.remove(last);
      }
      pieces.add(new Piece(end, storedEnd, 0, true));
    }

    ByteBuffer tail(String codec) {
      byte[] name = codec.getBytes(StandardCharsets.US_ASCII);
      int count = pieces.size();
      int length = Math.toIntExact(CompressedFormat.tailLength(count, name.length));
      ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        Piece piece = pieces.get(i);
        CompressedFormat.putPiece(tail, i, piece.end(), piece.storedEnd(), piece.checksum());
      }
      CompressedFormat.putEnd(tail, end, count, name);
      return tail;
    }
  }

  /**
   * Appends a segment to a file.
   *
   * @param segment its bytes
   * @param length how many there are
   * @param pageEnds where its first page begins, and where each of its pages ends
   * @return how many bytes were appended, which is a little more than the length if no page has
   *     become shorter
   * @throws IOException if the disk refuses, or the codec fails
   */
  public long write(ByteSource segment, long length, long[] pageEnds, AppendFile file)
      throws IOException {
    long start = file.position();
    Pieces pieces = new Pieces();
    copy(segment, pageEnds[0], pieces, file);
    for (int i = 1; i < pageEnds.length; i++) {
      long pageLength = pageEnds[i] - pageEnds[i - 1];
      if (pageLength > CompressedFormat.MAX_COMPRESSED_BYTES) {
        copy(segment, pageLength, pieces, file);
      } else {
        writePage(segment, (int) pageLength, pieces, file);
      }
    }
    copy(segment, length - pieces.end, pieces, file);
    file.write(pieces.tail(codec.name()));
    return file.position() - start;
  }

  private void copy(ByteSource segment, long length, Pieces pieces, AppendFile file)
      throws IOException {
    long end = pieces.end + length;
    for (long at = pieces.end; at < end; at += page.limit()) {
      page.clear().limit((int) Math.min(page.capacity(), end - at));
      segment.read(at, page);
      file.write(page.flip());
    }
    if (length > 0) {
      pieces.addAsItIs(length);
    }
  }

  private void writePage(ByteSource segment, int length, Pieces pieces, AppendFile file)
      throws IOException {
    if (page.capacity() < length) {
      page = ByteBuffer.allocate(length);
      compressed = ByteBuffer.allocate(length);
    }
    segment.read(pieces.end, page.clear().limit(length));
    page.flip();
    compressed.clear().limit(length - 1);
    if (compress(file.name())) {
      compressed.flip();
      pieces.addCompressed(length, compressed);
      file.write(compressed);
    } else {
      pieces.addAsItIs(length);
      file.write(page.rewind());
    }
  }

  private boolean compress(String file) throws DiskException {
    try {
      return codec.compress(page, compressed) && compressed.position() > 0;
    } catch (RuntimeException e) {
      throw new DiskException(
          file, "compress", new IOException("The codec failed: codec=" + codec.name(), e));
    }
  }
}
