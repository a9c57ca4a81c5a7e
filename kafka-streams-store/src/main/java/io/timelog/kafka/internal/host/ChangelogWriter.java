package io.timelog.kafka.internal.host;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.Position;

/**
 * Writes the changelog of a store whose records no layer of Kafka Streams knows how to write. It is
 * the call that Kafka's own change-logging layers end in. For the thread that processes.
 */
public final class ChangelogWriter {
  private final String storeName;
  private final StateStoreContext context;

  /** Writes to the changelog of this store, in the task of the context. */
  public ChangelogWriter(String storeName, StateStoreContext context) {
    this.storeName = storeName;
    this.context = context;
  }

  /**
   * Fails if a record cannot be written now. To be called before the store is changed.
   *
   * @throws IllegalStateException if nothing is being processed or the context is a mock
   */
  public void check() {
    recordContext();
  }

  /**
   * Writes a record with the timestamp of what is being processed, which is what the broker's
   * retention goes by.
   *
   * @param position of the store, with this record in it
   * @throws IllegalStateException as {@link #check()}
   */
  public void write(byte[] key, byte[] value, Position position) {
    long timestamp = recordContext().timestamp();
    ((InternalProcessorContext<?, ?>) context)
        .logChange(storeName, Bytes.wrap(key), value, timestamp, new RecordHeaders(), position);
  }

  private ProcessorRecordContext recordContext() {
    ProcessorRecordContext record =
        context instanceof InternalProcessorContext<?, ?> internal
            ? internal.recordContext()
            : null;
    if (record == null) {
      throw new IllegalStateException(
          "A store with a changelog can be written to only while Kafka Streams processes a record or"
              + " a punctuation: store="
              + storeName
              + ", task="
              + context.taskId()
              + ". With a mock of the context, call withLoggingDisabled() on the builder of the"
              + " store.");
    }
    return record;
  }
}
