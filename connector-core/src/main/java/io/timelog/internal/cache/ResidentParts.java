package io.timelog.internal.cache;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Parts whose bytes are in memory for as long as the segment is open. Nobody holds them, and to
 * read one costs what an array costs.
 *
 * @param <T> what a part is to its readers
 */
public final class ResidentParts<T> extends Parts<T> {
  /*
   * Parts are opened without a lock. Two threads may both open one and one of the two objects is lost,
   * which does no harm: both show the same memory. Whether an object may be published without a fence is
   * not known here, so it is published with one; to read it costs nothing more.
   */

  /** The bytes, which stay where they are. */
  public interface Bytes {
    /** The bytes of a range, from 0 to the limit, readable until the segment is closed. */
    ByteBuffer read(long offset, int length);
  }

  private final Bytes bytes;
  private final PartReader<T> reader;
  private final AtomicReferenceArray<@Nullable T> parts;

  /** The parts that a reader knows, of these bytes. */
  public ResidentParts(Bytes bytes, int count, PartReader<T> reader) {
    this.bytes = bytes;
    this.reader = reader;
    parts = new AtomicReferenceArray<>(count);
  }

  @Override
  public int count() {
    return parts.length();
  }

  @Override
  public T get(int number, Hold hold) {
    T part = parts.getAcquire(number);
    return part != null ? part : open(number);
  }

  @Override
  public T getOnTheWay(int number, int horizon, Hold hold) {
    return get(number, hold);
  }

  @Override
  public @Nullable T getIfLoaded(int number, Hold hold) {
    return parts.getAcquire(number);
  }

  private T open(int number) {
    T part = reader.open(number, bytes.read(reader.offset(number), reader.length(number)));
    parts.setRelease(number, part);
    return part;
  }

  @Override
  public T toKeep(int number) {
    return get(number, Hold.NONE);
  }

  @Override
  public Hold newHold() {
    return Hold.NONE;
  }

  @Override
  public boolean areResident() {
    return true;
  }

  @Override
  public void forget(int number) {
    parts.setRelease(number, null);
  }
}
