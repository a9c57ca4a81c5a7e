package io.timelog.flink.internal.bucket;

import io.timelog.TimeRange;
import io.timelog.flink.internal.map.MapStates;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/** In which order a backend has the buckets of a key, so that it is known when a range is over. */
public enum Order {
  /** None that could be relied on. */
  UNKNOWN {
    @Override
    boolean isOver(TimeRange range, long timestamp) {
      return false;
    }
  },

  /** By time. */
  BY_TIME {
    @Override
    boolean isOver(TimeRange range, long timestamp) {
      return timestamp > range.last();
    }
  },

  /** By the bytes of timestamps: from 0 on by time, and those before 0 behind all others. */
  BY_BYTES {
    @Override
    boolean isOver(TimeRange range, long timestamp) {
      boolean ended = timestamp > range.last();
      return timestamp >= 0 ? range.first() >= 0 && ended : range.first() >= 0 || ended;
    }
  };

  /**
   * The order that a backend has with Flink's serializer of longs.
   *
   * @param backendType its {@code getBackendTypeIdentifier()}
   * @param descriptor of a state that was registered
   */
  public static Order of(String backendType, MapStateDescriptor<Long, ?> descriptor) {
    if (!(descriptor.getKeySerializer() instanceof LongSerializer)) {
      return UNKNOWN;
    }
    return switch (backendType) {
      case "rocksdb", "forst" -> BY_BYTES;
      case MapStates.BACKEND_TYPE -> BY_TIME;
      default -> UNKNOWN;
    };
  }

  /** Whether no bucket behind this one lies in a range, which is not empty. */
  abstract boolean isOver(TimeRange range, long timestamp);
}
