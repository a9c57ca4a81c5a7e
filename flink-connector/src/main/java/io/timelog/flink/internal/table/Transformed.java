package io.timelog.flink.internal.table;

import java.util.Arrays;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.jspecify.annotations.Nullable;

/** What a transformer makes of values on their way into a snapshot. */
final class Transformed {
  private Transformed() {}

  /**
   * The value that goes into the snapshot; null if none does.
   *
   * @param head so many bytes before the value proper are kept as they are: the mark of a map
   *     whether the value is null, in which case there is nothing to transform
   */
  static byte @Nullable [] value(
      byte[] value, int head, @Nullable StateSnapshotTransformer<byte[]> transformer) {
    if (transformer == null) {
      return value;
    }
    if (head == 0) {
      return transformer.filterOrTransform(value);
    }
    if (value[0] != 0) {
      return value;
    }
    byte[] proper = Arrays.copyOfRange(value, head, value.length);
    byte[] kept = transformer.filterOrTransform(proper);
    if (kept == null || kept == proper) {
      return kept == null ? null : value;
    }
    byte[] whole = Arrays.copyOf(value, head + kept.length);
    System.arraycopy(kept, 0, whole, head, kept.length);
    return whole;
  }
}
