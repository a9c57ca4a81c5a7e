package io.timelog.kafka.internal.versioned;

import java.util.List;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.jspecify.annotations.Nullable;

/**
 * What was committed of a versioned store, as it is read: the latest version of a key, and that of
 * a time. Kafka Streams has no narrower type for it. Any thread may read.
 */
final class CommittedVersions implements VersionedBytesStore {
  private final TimelogVersionedStore store;

  CommittedVersions(TimelogVersionedStore store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return store.committed(key);
  }

  @Override
  public byte @Nullable [] get(Bytes key, long asOfTimestamp) {
    return store.committed(key, asOfTimestamp);
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public boolean persistent() {
    return store.persistent();
  }

  @Override
  public boolean isOpen() {
    return store.isOpen();
  }

  @Override
  public Position getPosition() {
    return store.getPosition();
  }

  @Override
  public long approximateNumEntries() {
    return store.approximateNumEntries();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    throw readOnly("init");
  }

  @Override
  public void close() {
    throw readOnly("close");
  }

  @Override
  public long put(Bytes key, byte @Nullable [] value, long timestamp) {
    throw readOnly("put");
  }

  @Override
  public byte[] delete(Bytes key, long timestamp) {
    throw readOnly("delete");
  }

  @Override
  public void put(Bytes key, byte[] value) {
    throw readOnly("put");
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    throw readOnly("putIfAbsent");
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    throw readOnly("putAll");
  }

  @Override
  public byte[] delete(Bytes key) {
    throw readOnly("delete");
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
    return store.range(from, to);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
    return store.reverseRange(from, to);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return store.all();
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseAll() {
    return store.reverseAll();
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(
      P prefix, S prefixKeySerializer) {
    return store.prefixScan(prefix, prefixKeySerializer);
  }

  private UnsupportedOperationException readOnly(String operation) {
    return new UnsupportedOperationException(
        "What was committed can only be read: operation=" + operation + ", store=" + name());
  }
}
