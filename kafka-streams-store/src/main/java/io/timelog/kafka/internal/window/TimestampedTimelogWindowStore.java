package io.timelog.kafka.internal.window;

import org.apache.kafka.streams.state.TimestampedBytesStore;

/** A window store whose values begin with a timestamp, which Kafka Streams tells by the type. */
final class TimestampedTimelogWindowStore extends TimelogWindowStore
    implements TimestampedBytesStore {
  TimestampedTimelogWindowStore(WindowStoreSupplier settings) {
    super(settings);
  }
}
