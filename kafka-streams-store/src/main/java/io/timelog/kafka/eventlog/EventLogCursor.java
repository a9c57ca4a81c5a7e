package io.timelog.kafka.eventlog;

import java.nio.ByteBuffer;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;

/**
 * Steps through entries of an event-log store as they were when the cursor was opened, and does for
 * each no more than it is asked: a step allocates nothing, a value is deserialized by {@link
 * #value()} alone, and {@link #valueBytes()} shows its bytes where they lie.
 *
 * <pre>{@code
 * long[] timestamps = new long[512];
 * try (EventLogCursor<String, Click> clicks = store.cursor("alice", TimeRange.since(morning))) {
 *   for (int n = clicks.readTimestamps(timestamps); n > 0; n = clicks.readTimestamps(timestamps)) {
 *     histogram.add(timestamps, n);
 *   }
 * }
 * }</pre>
 *
 * <p>A cursor keeps the memory of its moment, so it must be closed; it closes itself at its end.
 * Belongs to one thread, which need not be the writer's. Once the cursor was closed by {@link
 * #close()}, or its store is closed, a step throws an {@link InvalidStateStoreException}: what has
 * been read until then may not be all there was.
 *
 * <p>What tells of an entry may be called after a step has found one and until the next step, and
 * otherwise throws an {@link IllegalStateException}.
 */
public interface EventLogCursor<K, V> extends AutoCloseable {
  /**
   * Steps to the next entry; false if there is none, and then the cursor is closed.
   *
   * @throws InvalidStateStoreException if the cursor was closed by {@link #close()}, or the store
   *     is closed
   */
  boolean advance();

  /**
   * Steps over as many entries as {@code target} has room for and writes their timestamps into it,
   * from index 0 on. The cursor is then at the last of them. Touches no values.
   *
   * @param target where to, at least one long
   * @return how many there were; fewer than there is room for at the end, and then the cursor is
   *     closed
   * @throws InvalidStateStoreException as {@link #advance()}
   */
  int readTimestamps(long[] target);

  /** The timestamp of the entry, in milliseconds since the epoch. */
  long timestamp();

  /**
   * The key of the entry: the object that was asked for, or deserialized at every call.
   *
   * @throws ProcessorStateException if the serde cannot read it
   */
  K key();

  /**
   * The value of the entry, deserialized from a copy of its bytes at every call.
   *
   * @throws ProcessorStateException if the serde cannot read it
   */
  V value();

  /** The length of the serialized value, in bytes. */
  int valueLength();

  /**
   * The serialized value in place, between position and limit of the buffer: a read-only view that
   * the next call uses again, and that must not be read after the next step or {@link #close()}.
   */
  ByteBuffer valueBytes();

  /** Lets go of the memory. Closing twice does nothing. */
  @Override
  void close();
}
