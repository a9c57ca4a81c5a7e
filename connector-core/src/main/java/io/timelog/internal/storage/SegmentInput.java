package io.timelog.internal.storage;

import io.timelog.internal.cache.PartReader;
import io.timelog.internal.cache.Parts;
import io.timelog.internal.cache.ResidentParts;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads one sealed segment. Any number of threads may read. */
public interface SegmentInput extends AutoCloseable {
  /** The name of the segment in its storage. */
  String name();

  /** The length of the segment in bytes. */
  long length();

  /**
   * The {@code length} bytes that start at {@code offset}, as a direct, little-endian buffer whose
   * position is 0 and whose limit and capacity are {@code length}. The buffer object belongs to the
   * caller, its bytes are shared with every other reader and must not be changed. They may be read
   * until {@link #close()}.
   *
   * @throws IndexOutOfBoundsException if the range is not inside the segment
   * @throws IllegalStateException if the input is closed
   */
  ByteBuffer read(long offset, int length);

  /**
   * As {@link #read}, for a caller who may keep the buffer beyond {@link #close()}: its bytes stay
   * readable and unchanged for as long as anybody can reach them. They are shared where that can be
   * had, else copied to the heap, at the cost of their length.
   *
   * @throws IndexOutOfBoundsException if the range is not inside the segment
   * @throws IllegalStateException if the input is closed
   */
  ByteBuffer readToKeep(long offset, int length);

  /**
   * Copies bytes, from {@code offset} on, into what {@code target} has room for. Unlike {@link
   * #read} it keeps nothing for later, whatever the range.
   *
   * @throws IndexOutOfBoundsException if the range is not inside the segment
   * @throws IllegalStateException if the input is closed
   */
  void copyTo(long offset, ByteBuffer target);

  /**
   * Parts of the segment, of which none was read yet. They may be used until {@link #close()}.
   *
   * @param count how many there are
   * @param reader knows where they lie
   */
  default <T> Parts<T> parts(int count, PartReader<T> reader) {
    return new ResidentParts<>(this::read, count, reader);
  }

  /**
   * Makes a file that has the bytes of the segment and no others, without copying them.
   *
   * @param target where; there is nothing of that name
   * @return false if the segment lies in no file, or in one with others, or the file cannot be
   *     there without a copy
   * @throws io.timelog.TimelogException if it is not known whether the file was made
   */
  default boolean linkTo(Path target) {
    return false;
  }

  /** {@link SegmentStorage#delete} of this segment. It stays readable until it is closed. */
  void delete();

  /** Lets go of the segment. Closing twice does nothing. */
  @Override
  void close();
}
