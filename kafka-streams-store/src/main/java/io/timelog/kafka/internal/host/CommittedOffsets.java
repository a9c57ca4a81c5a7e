package io.timelog.kafka.internal.host;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The changelog offsets of the last commit, kept as long as the entries they belong to.
 *
 * <p>Kafka Streams also commits offsets that it has from elsewhere: it moves a checkpoint file of
 * an older version into a store that it has just opened. Such an offset says what another store
 * once held, and a restore that began behind it would leave this one empty. So an offset is kept
 * only if something was restored from its partition, or the store was written to, since it was
 * opened; or if it goes no further than what was found. An offset below zero stands for an unknown
 * one ({@code OffsetCheckpoint.OFFSET_UNKNOWN}), claims nothing, and is always kept, because Kafka
 * Streams wants it back verbatim. Thread-safe.
 */
final class CommittedOffsets {
  private final Map<TopicPartition, Long> found;
  private final Map<TopicPartition, Long> offsets;
  private final Set<TopicPartition> restored = new HashSet<>();
  private boolean written;
  private boolean closed;

  /**
   * Of a store that was just opened.
   *
   * @param found the offsets of the entries that it has
   */
  CommittedOffsets(Map<TopicPartition, Long> found) {
    this.found = Map.copyOf(found);
    this.offsets = new HashMap<>(found);
  }

  /**
   * An empty map forgets all offsets and a null value that one, as {@code StateStore} demands.
   *
   * @return false if there is an offset of entries that were never here; that of its partition
   *     stays as it is
   */
  synchronized boolean commit(Map<TopicPartition, Long> changelogOffsets) {
    if (changelogOffsets.isEmpty()) {
      offsets.clear();
    }
    boolean allHeld = true;
    for (Map.Entry<TopicPartition, Long> committed : changelogOffsets.entrySet()) {
      TopicPartition partition = committed.getKey();
      Long offset = committed.getValue();
      if (offset == null) {
        offsets.remove(partition);
      } else if (!closed && (offset < 0 || holds(partition, offset))) {
        offsets.put(partition, offset);
      } else {
        allHeld = false;
      }
    }
    return allHeld;
  }

  private boolean holds(TopicPartition partition, long offset) {
    return written
        || restored.contains(partition)
        || offset <= found.getOrDefault(partition, Long.MIN_VALUE);
  }

  /** All of them, as they are now. */
  synchronized Map<TopicPartition, Long> all() {
    return Map.copyOf(offsets);
  }

  /** Records of the partition are in the store. */
  synchronized void restored(TopicPartition partition) {
    restored.add(partition);
  }

  /** The store has taken a write of the application, and so was restored before. */
  synchronized void written() {
    written = true;
  }

  /** The entries are gone: no offset is kept, now or later. */
  synchronized void close() {
    closed = true;
    offsets.clear();
  }

  synchronized @Nullable Long of(TopicPartition partition) {
    return offsets.get(partition);
  }
}
