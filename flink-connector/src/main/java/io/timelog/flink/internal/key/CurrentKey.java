package io.timelog.flink.internal.key;

import io.timelog.Span;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * The key of the record that is being processed, as the engine knows it. It is serialized once for
 * a record, at the first access to state; namespaces are written behind it, unless that is where
 * the one that is wanted was written last.
 *
 * <p>For one thread.
 *
 * @param <K> type of the keys
 */
public final class CurrentKey<K> {
  private static final int NOT_WRITTEN = -1;
  private static final int FIRST_BYTES = 64;

  private final TypeSerializer<K> serializer;
  private final int prefixBytes;
  private final DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
  private final Span span = new Span();
  private @Nullable K key;
  private int keyGroup;
  private int end = NOT_WRITTEN;

  /** What stands behind the key, and by which format; null if that is not to be relied on. */
  private @Nullable Object written;

  private @Nullable Object writtenBy;

  public CurrentKey(TypeSerializer<K> serializer, int prefixBytes) {
    this.serializer = serializer;
    this.prefixBytes = prefixBytes;
  }

  /** Takes another key. */
  public void set(K newKey, int newKeyGroup) {
    key = newKey;
    keyGroup = newKeyGroup;
    end = NOT_WRITTEN;
  }

  /**
   * The composite key of the current key and a namespace; valid until the next call.
   *
   * @throws NullPointerException if there is no current key
   */
  @SuppressWarnings("ReferenceEquality") // nothing is cheaper, and nearly always it is enough
  public <N> Span in(N namespace, CompositeKeyFormat<K, N> format) {
    if (end != NOT_WRITTEN && namespace == written && format == writtenBy) {
      return span;
    }
    written = null;
    try {
      if (end == NOT_WRITTEN) {
        writeKey();
      } else {
        out.setPosition(end);
      }
      format.writeNamespace(namespace, end - prefixBytes, out);
      writtenBy = format;
      written = format.hasImmutableNamespaces() ? namespace : null;
      return span.set(out.getSharedBuffer(), 0, out.length());
    } catch (IOException e) {
      throw new FlinkRuntimeException("Could not serialize a key: key=" + key, e);
    }
  }

  private void writeKey() throws IOException {
    K present = key;
    if (present == null) {
      throw new NullPointerException(
          "No key set. This method should not be called outside of a keyed context.");
    }
    out.clear();
    CompositeKeySerializationUtils.writeKeyGroup(keyGroup, prefixBytes, out);
    CompositeKeySerializationUtils.writeKey(present, serializer, out, false);
    end = out.length();
  }
}
