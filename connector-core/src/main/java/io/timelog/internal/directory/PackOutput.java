package io.timelog.internal.directory;

import io.timelog.PageCodec;
import io.timelog.internal.compression.CompressedOutput;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.FileId;
import io.timelog.internal.manifest.PlacedSegment;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes segments into files: small ones behind one another, so that many small windows do not
 * become many small files, and each of the others into one of its own. Not thread-safe.
 *
 * <p>The space of a file is free when its last segment is not needed any more. So what is written
 * together should be of windows that die at about the same time, which what is flushed together
 * mostly is.
 */
final class PackOutput implements Closeable {
  /** A segment of this length gets a file of its own. */
  static final long OWN_FILE_BYTES = 1 << 20;

  /** No file of several segments is longer. */
  static final long MAX_PACK_BYTES = 8 << 20;

  private static final int PIECE_BYTES = 64 << 10;

  private final Disk disk;
  private final LongSupplier numbers;
  private final FileLedger ledger;
  private final Ending ending;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);

  /** Null if segments are written as they are. */
  private final @Nullable CompressedOutput compressed;

  private @Nullable AppendFile pack;
  private long packNumber;

  /** What is done with a file of which all is written. */
  interface Ending {
    void end(AppendFile file, long number) throws IOException;
  }

  /**
   * Writes to a disk.
   *
   * @param numbers gives a number that no file of the store had before
   * @param ledger is told of every file that is made
   * @param codec compresses pages; null if segments are written as they are
   * @param ending makes the bytes durable, or sees to it that somebody does
   */
  PackOutput(
      Disk disk,
      LongSupplier numbers,
      FileLedger ledger,
      @Nullable PageCodec codec,
      Ending ending) {
    this.disk = disk;
    this.numbers = numbers;
    this.ledger = ledger;
    this.compressed = codec == null ? null : new CompressedOutput(codec);
    this.ending = ending;
  }

  /**
   * Writes a segment.
   *
   * @param id what it is called
   * @return where it lies, when {@link #finish} has returned
   * @throws IOException if the disk refuses; what was written since the last {@link #finish} does
   *     not count
   */
  PlacedSegment write(FileId id, UnstoredSegment segment) throws IOException {
    if (segment.length() >= OWN_FILE_BYTES) {
      long number = numbers.getAsLong();
      try (AppendFile file = create(number)) {
        PlacedSegment place = write(id, segment, number, file);
        ending.end(file, number);
        return place;
      }
    }
    AppendFile file = pack;
    if (file == null || file.position() + segment.length() > MAX_PACK_BYTES) {
      finish();
      packNumber = numbers.getAsLong();
      file = create(packNumber);
      pack = file;
    }
    return write(id, segment, packNumber, file);
  }

  private PlacedSegment write(FileId id, UnstoredSegment segment, long number, AppendFile file)
      throws IOException {
    long offset = file.position();
    CompressedOutput output = compressed;
    if (output == null) {
      copy(segment, file);
      return new PlacedSegment(id, number, offset);
    }
    long length = output.write(segment.bytes(), segment.length(), segment.pageEnds().get(), file);
    return new PlacedSegment(id, number, offset, length);
  }

  private AppendFile create(long number) throws IOException {
    StoreFile name = new StoreFile(Kind.SEGMENTS, number);
    AppendFile file = disk.create(name.name());
    ledger.add(name);
    return file;
  }

  private void copy(UnstoredSegment segment, AppendFile file) throws IOException {
    for (long offset = 0; offset < segment.length(); offset += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, segment.length() - offset));
      segment.bytes().read(offset, piece);
      file.write(piece.flip());
    }
  }

  /**
   * Ends the file that is written. That the files have their names is not durable then, whatever
   * the ending.
   *
   * @throws IOException if the disk refuses
   */
  void finish() throws IOException {
    AppendFile file = pack;
    if (file != null) {
      ending.end(file, packNumber);
      pack = null;
      file.close();
    }
  }

  /** Lets go of a file that was not finished. */
  @Override
  public void close() throws IOException {
    AppendFile file = pack;
    pack = null;
    if (file != null) {
      file.close();
    }
  }
}
