package io.timelog.kafka.internal.host;

import io.timelog.TableReader;
import java.util.function.Function;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The table of a store as some reader sees it: as it is, or as it was when it was last committed.
 * Any thread may read it, also while another closes the store.
 */
public interface ReadableTable {
  /**
   * The entries.
   *
   * @throws InvalidStateStoreException if the store is closed
   */
  TableReader reader();

  /**
   * Reads the table.
   *
   * @throws InvalidStateStoreException if the store is closed, before or meanwhile
   */
  default <T extends @Nullable Object> T read(Function<? super TableReader, ? extends T> reading) {
    try {
      return reading.apply(reader());
    } catch (IllegalStateException e) {
      throw unlessClosed(e);
    }
  }

  /**
   * What a read of {@link #reader()} has to throw that the engine refused. Kafka Streams and its
   * users try again after an {@link InvalidStateStoreException}, and after nothing else.
   */
  RuntimeException unlessClosed(IllegalStateException refusal);

  /**
   * The table at this moment, to be closed.
   *
   * @throws InvalidStateStoreException if the store is closed
   */
  PinnedTable pin();
}
