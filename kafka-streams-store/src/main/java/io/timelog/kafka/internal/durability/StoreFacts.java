package io.timelog.kafka.internal.durability;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.query.Position;

/**
 * What is true of the entries of a store at one moment, beside what they are.
 *
 * @param offsets of the last changelog records that are in the entries; one below zero claims
 *     nothing
 * @param position how far the entries have come in the input topics; not changed any more
 * @param remembered what the store itself has to know again, such as stream time; empty if it has
 *     never said anything
 */
public record StoreFacts(
    Map<TopicPartition, Long> offsets, Position position, List<Long> remembered) {
  /** Of a store without entries, about which nothing was ever committed. */
  public static final StoreFacts NONE =
      new StoreFacts(Map.of(), Position.emptyPosition(), List.of());

  /** What Kafka Streams takes for an offset that is not known ({@code OffsetCheckpoint}). */
  private static final long UNKNOWN_OFFSET = -4;

  /** Copies the collections. */
  public StoreFacts {
    offsets = Map.copyOf(offsets);
    remembered = List.copyOf(remembered);
  }

  /** Whether the entries are those of a changelog up to some record. */
  boolean claimsAnything() {
    return offsets.values().stream().anyMatch(offset -> offset >= 0);
  }

  /** The facts of a store without entries, of whose offsets only the partitions are left. */
  StoreFacts withOffsetsUnknown() {
    Map<TopicPartition, Long> unknown = new HashMap<>();
    offsets.keySet().forEach(partition -> unknown.put(partition, UNKNOWN_OFFSET));
    return new StoreFacts(unknown, Position.emptyPosition(), List.of());
  }
}
