package io.timelog.kafka.internal.host;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The changelog offsets of the last commit, kept as long as the entries they belong to. Offsets are
 * kept as they come, {@code OffsetCheckpoint.OFFSET_UNKNOWN} included, because Kafka Streams wants
 * them back verbatim. Thread-safe.
 */
final class CommittedOffsets {
  private final Map<TopicPartition, Long> offsets = new ConcurrentHashMap<>();

  /** An empty map forgets all offsets and a null value that one, as {@code StateStore} demands. */
  void commit(Map<TopicPartition, Long> changelogOffsets) {
    if (changelogOffsets.isEmpty()) {
      clear();
    }
    changelogOffsets.forEach(
        (partition, offset) -> offsets.compute(partition, (same, previous) -> offset));
  }

  void clear() {
    offsets.clear();
  }

  @Nullable Long of(TopicPartition partition) {
    return offsets.get(partition);
  }
}
