package io.timelog.kafka.internal.durability;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.query.Position;

/**
 * What is committed with the entries of a store. Equal tokens have equal bytes.
 *
 * @param identity whose entries they are
 * @param layout how the store keeps keys, values and time, in words; entries of one layout cannot
 *     be read in another one
 * @param facts what is true of the entries
 */
record StoreToken(StoreIdentity identity, String layout, StoreFacts facts) {
  /*
   * byte    version
   * UTF     application, task, store, layout
   * then changelog offsets and position in the same way:
   *   number of topics, for each: UTF topic, number of partitions, for each in ascending order:
   *     number partition less the one before, number offset
   * number  of remembered numbers, for each: long
   *
   * A number is a zigzag varint. A global store may have thousands of partitions, and a token is short.
   */
  private static final byte VERSION = 1;

  /** The bytes that are committed. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(identity.application());
      out.writeUTF(identity.task());
      out.writeUTF(identity.store());
      out.writeUTF(layout);
      write(byTopic(facts.offsets()), out);
      write(byTopic(facts.position()), out);
      writeNumber(facts.remembered().size(), out);
      for (long number : facts.remembered()) {
        out.writeLong(number);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A token cannot be written: " + identity, e);
    }
    return bytes.toByteArray();
  }

  private static Map<String, Map<Integer, Long>> byTopic(Map<TopicPartition, Long> offsets) {
    Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
    offsets.forEach(
        (partition, offset) ->
            byTopic
                .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), offset));
    return byTopic;
  }

  private static Map<String, Map<Integer, Long>> byTopic(Position position) {
    Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
    for (String topic : position.getTopics()) {
      byTopic.put(topic, new TreeMap<>(position.getPartitionPositions(topic)));
    }
    return byTopic;
  }

  private static void write(Map<String, Map<Integer, Long>> byTopic, DataOutputStream out)
      throws IOException {
    writeNumber(byTopic.size(), out);
    for (Map.Entry<String, Map<Integer, Long>> topic : byTopic.entrySet()) {
      out.writeUTF(topic.getKey());
      writeNumber(topic.getValue().size(), out);
      int before = 0;
      for (Map.Entry<Integer, Long> partition : topic.getValue().entrySet()) {
        writeNumber(partition.getKey() - before, out);
        writeNumber(partition.getValue(), out);
        before = partition.getKey();
      }
    }
  }

  private static void writeNumber(long number, DataOutputStream out) throws IOException {
    long left = (number << 1) ^ (number >> 63);
    while ((left & ~0x7FL) != 0) {
      out.writeByte((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.writeByte((int) left);
  }

  /**
   * The token of these bytes.
   *
   * @throws IllegalArgumentException if they are none, or of a version that this one does not read
   */
  static StoreToken decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "The last commit is not one of a store of this version: found="
                + version
                + ", supported="
                + VERSION);
      }
      StoreToken token =
          new StoreToken(
              new StoreIdentity(in.readUTF(), in.readUTF(), in.readUTF()),
              in.readUTF(),
              new StoreFacts(offsets(read(in)), Position.fromMap(read(in)), numbers(in)));
      if (in.read() >= 0) {
        throw new IllegalArgumentException(
            "The last commit says more than a store does: bytes=" + bytes.length);
      }
      return token;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "The last commit is not one of a Kafka Streams store: bytes=" + bytes.length, e);
    }
  }

  private static Map<String, Map<Integer, Long>> read(DataInputStream in) throws IOException {
    Map<String, Map<Integer, Long>> byTopic = new HashMap<>();
    for (long topics = readNumber(in); topics > 0; topics--) {
      Map<Integer, Long> partitions = new HashMap<>();
      byTopic.put(in.readUTF(), partitions);
      int partition = 0;
      for (long left = readNumber(in); left > 0; left--) {
        partition += (int) readNumber(in);
        partitions.put(partition, readNumber(in));
      }
    }
    return byTopic;
  }

  private static long readNumber(DataInputStream in) throws IOException {
    long read = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.readByte();
      read |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (read >>> 1) ^ -(read & 1);
      }
    }
    throw new IOException("A number does not end");
  }

  private static Map<TopicPartition, Long> offsets(Map<String, Map<Integer, Long>> byTopic) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    byTopic.forEach(
        (topic, partitions) ->
            partitions.forEach(
                (partition, offset) -> offsets.put(new TopicPartition(topic, partition), offset)));
    return offsets;
  }

  private static List<Long> numbers(DataInputStream in) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (long left = readNumber(in); left > 0; left--) {
      numbers.add(in.readLong());
    }
    return numbers;
  }
}
