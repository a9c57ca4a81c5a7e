package io.timelog.flink.internal.key;

import io.timelog.KeyGroups;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;

/**
 * The layout of a composite key: key group, key, namespace, as canonical savepoints have it.
 *
 * <pre>
 *   bytes        field
 *   1 or 2       key group, big-endian; two bytes if there are more than 128 key groups
 *   any          key
 *   0, or 1 to 4 length of the key, if both key and namespace vary in length
 *   any          namespace
 *   0, or 1 to 4 length of the namespace, likewise
 * </pre>
 *
 * <p>Without state but for its serializers, which are not thread-safe either.
 *
 * @param <K> type of the keys
 * @param <N> type of the namespaces
 */
public final class CompositeKeyFormat<K, N> {
  private final TypeSerializer<K> keySerializer;
  private final TypeSerializer<N> namespaceSerializer;
  private final KeyGroups keyGroups;
  private final boolean ambiguous;
  private final boolean immutableNamespaces;

  public CompositeKeyFormat(
      TypeSerializer<K> keySerializer, TypeSerializer<N> namespaceSerializer, KeyGroups keyGroups) {
    this.keySerializer = keySerializer;
    this.namespaceSerializer = namespaceSerializer;
    this.keyGroups = keyGroups;
    this.ambiguous =
        CompositeKeySerializationUtils.isAmbiguousKeyPossible(keySerializer, namespaceSerializer);
    this.immutableNamespaces = namespaceSerializer.isImmutableType();
  }

  /** How many key groups a prefix of one byte can tell apart, for Flink. */
  private static final int ONE_BYTE_GROUPS = Byte.MAX_VALUE + 1;

  /** How the keys of a job with so many key groups begin. */
  public static KeyGroups keyGroups(int numberOfKeyGroups) {
    return numberOfKeyGroups > ONE_BYTE_GROUPS ? KeyGroups.FIRST_TWO_BYTES : KeyGroups.FIRST_BYTE;
  }

  /** Which bytes of a key are its key group. */
  public KeyGroups keyGroups() {
    return keyGroups;
  }

  /** The serializer of the namespaces. */
  public TypeSerializer<N> namespaceSerializer() {
    return namespaceSerializer;
  }

  /** Whether a namespace is written the same however often it is used. */
  boolean hasImmutableNamespaces() {
    return immutableNamespaces;
  }

  /** The same layout, with a namespace serializer that writes the same bytes. */
  public CompositeKeyFormat<K, N> withNamespaceSerializer(TypeSerializer<N> compatible) {
    return new CompositeKeyFormat<>(keySerializer, compatible, keyGroups);
  }

  /**
   * Adds a namespace behind a key that {@link CurrentKey} has written.
   *
   * @param keyBytes length of the key without its key group
   */
  void writeNamespace(N namespace, int keyBytes, DataOutputSerializer out) throws IOException {
    if (ambiguous) {
      writeLength(keyBytes, out);
    }
    CompositeKeySerializationUtils.writeNameSpace(namespace, namespaceSerializer, out, ambiguous);
  }

  /** A length as Flink writes it: low byte first, as many bytes as it takes. */
  private static void writeLength(int length, DataOutputSerializer out) throws IOException {
    int rest = length;
    do {
      out.writeByte(rest);
      rest >>>= Byte.SIZE;
    } while (rest != 0);
  }

  /** Reads the key of a composite key at which {@code in} stands, and moves it to the namespace. */
  public K readKey(DataInputDeserializer in) throws IOException {
    in.skipBytesToRead(keyGroups.prefixBytes());
    return CompositeKeySerializationUtils.readKey(keySerializer, in, ambiguous);
  }

  /** Reads the namespace behind a key, and moves {@code in} behind it. */
  public N readNamespace(DataInputDeserializer in) throws IOException {
    return CompositeKeySerializationUtils.readNamespace(namespaceSerializer, in, ambiguous);
  }
}
