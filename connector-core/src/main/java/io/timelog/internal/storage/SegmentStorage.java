package io.timelog.internal.storage;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flat set of named, immutable byte sequences. Thread-safe; the outputs it hands out are not. */
public interface SegmentStorage extends AutoCloseable {
  /**
   * Starts a segment. It cannot be opened and is not listed before {@link SegmentOutput#finish()}.
   *
   * @throws IllegalArgumentException if the name is taken, by a segment or by an unfinished output
   * @throws IllegalStateException if the storage is closed
   */
  SegmentOutput create(String name);

  /**
   * Opens a sealed segment. May be called any number of times; each input is closed by itself.
   *
   * @throws io.timelog.TimelogException if there is no such segment
   * @throws IllegalStateException if the storage is closed
   */
  SegmentInput open(String name);

  /**
   * Removes a segment from the list at once, and its bytes as soon as the last input is closed:
   * those who read it go on undisturbed. Does nothing if there is no such segment.
   */
  void delete(String name);

  /**
   * Another input of a segment, with the same bytes, which does not keep them in memory. The one
   * that is open stays as it is, and is to be {@linkplain SegmentInput#delete deleted} and closed
   * by who does not need it any more.
   *
   * @return null if segments can only be in memory, or there is no place for this one elsewhere
   */
  default @Nullable SegmentInput leaveMemory(SegmentInput input) {
    return null;
  }

  /**
   * Opens a segment that a file of the machine has, without copying it.
   *
   * @param file has exactly these bytes, which never change
   * @return null if segments can only be in memory, or the file cannot be had without a copy
   */
  default @Nullable SegmentInput adopt(String name, long length, Path file) {
    return null;
  }

  /** The names of the sealed segments, sorted. */
  List<String> list();

  /**
   * The bytes of memory that segments and unfinished outputs take, what their memory was rounded up
   * by included. O(number of segments).
   */
  long heldBytes();

  /** Refuses every further call but {@link #delete}. Open inputs stay readable. */
  @Override
  void close();
}
