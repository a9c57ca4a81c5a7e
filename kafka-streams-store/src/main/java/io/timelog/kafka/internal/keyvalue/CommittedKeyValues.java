package io.timelog.kafka.internal.keyvalue;

import io.timelog.kafka.internal.scan.Direction;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What was committed of a key-value store, as it is read. Any thread may read. Where nobody has
 * read the store in order before, the first such read sorts its keys.
 */
final class CommittedKeyValues implements ReadOnlyKeyValueStore<Bytes, byte[]> {
  private final TimelogKeyValueStore store;

  CommittedKeyValues(TimelogKeyValueStore store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return store.committed(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
    return store.committed(KeySpan.between(from, to), Direction.FORWARD);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
    return store.committed(KeySpan.between(from, to), Direction.BACKWARD);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return range(null, null);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseAll() {
    return reverseRange(null, null);
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(
      P prefix, S prefixKeySerializer) {
    Objects.requireNonNull(prefix, "prefix cannot be null");
    Objects.requireNonNull(prefixKeySerializer, "prefixKeySerializer cannot be null");
    return store.committed(
        KeySpan.startingWith(prefixKeySerializer.serialize(null, prefix)), Direction.FORWARD);
  }

  /** Of the store as it is: the number is approximate anyway. */
  @Override
  public long approximateNumEntries() {
    return store.approximateNumEntries();
  }
}
