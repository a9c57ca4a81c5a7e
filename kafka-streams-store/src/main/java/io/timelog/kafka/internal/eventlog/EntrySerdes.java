package io.timelog.kafka.internal.eventlog;

import io.timelog.kafka.internal.host.HostedTable;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.errors.ProcessorStateException;

/** How keys and values of one store become bytes and come back. As thread-safe as its serdes. */
final class EntrySerdes<K, V> {
  private final HostedTable hosted;
  private final String topic;
  private final Serializer<K> keySerializer;
  private final Deserializer<K> keyDeserializer;
  private final Serializer<V> valueSerializer;
  private final Deserializer<V> valueDeserializer;

  /** The serdes are told that they work for {@code topic}, the changelog. */
  EntrySerdes(HostedTable hosted, String topic, Serde<K> keys, Serde<V> values) {
    this.hosted = hosted;
    this.topic = topic;
    this.keySerializer = keys.serializer();
    this.keyDeserializer = keys.deserializer();
    this.valueSerializer = values.serializer();
    this.valueDeserializer = values.deserializer();
  }

  byte[] keyBytes(K key) {
    return serialize("key", keySerializer, key);
  }

  byte[] valueBytes(V value) {
    return serialize("value", valueSerializer, value);
  }

  K key(byte[] bytes) {
    return deserialize("key", keyDeserializer, bytes);
  }

  V value(byte[] bytes) {
    return deserialize("value", valueDeserializer, bytes);
  }

  private <T> byte[] serialize(String what, Serializer<T> serializer, T object) {
    if (object == null) {
      throw new NullPointerException("A " + what + " must not be null: " + hosted.place());
    }
    byte[] bytes;
    try {
      bytes = serializer.serialize(topic, object);
    } catch (RuntimeException e) {
      throw hosted.failure("A " + what + " could not be serialized", e);
    }
    if (bytes == null) {
      throw new ProcessorStateException(
          "The serializer made null of a " + what + ": " + hosted.place());
    }
    return bytes;
  }

  private <T> T deserialize(String what, Deserializer<T> deserializer, byte[] bytes) {
    T object;
    try {
      object = deserializer.deserialize(topic, bytes);
    } catch (RuntimeException e) {
      throw hosted.failure("A " + what + " could not be deserialized", e);
    }
    if (object == null) {
      throw new ProcessorStateException(
          "The deserializer made null of a " + what + ": " + hosted.place());
    }
    return object;
  }
}
