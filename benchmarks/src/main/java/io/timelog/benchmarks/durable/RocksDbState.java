package io.timelog.benchmarks.durable;

import io.timelog.benchmarks.engine.Bytes;
import io.timelog.benchmarks.engine.KafkaStreamsWindowStore;
import io.timelog.benchmarks.engine.RocksDbLog;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Window stores of Kafka Streams, which are committed one after the other, as it does: RocksDB has
 * nothing that would have the logs of several databases on the disk at once.
 */
final class RocksDbState implements DurableState {
  private final KafkaStreamsWindowStore[] stores;

  RocksDbState(StateSettings settings, RocksDbLog log) {
    this.stores = new KafkaStreamsWindowStore[settings.stores()];
    Arrays.setAll(
        stores,
        i -> {
          Path directory = StateSettings.ofStore(settings.directory(), i);
          return new KafkaStreamsWindowStore(directory, settings.retention(), log);
        });
  }

  private KafkaStreamsWindowStore storeOf(byte[] key) {
    return stores[KeyRouting.storeOf(key, stores.length)];
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    storeOf(key).append(key, timestamp, value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    return storeOf(key).scan(key, start, end);
  }

  @Override
  public long scannedEntries() {
    return Arrays.stream(stores).mapToLong(KafkaStreamsWindowStore::scannedEntries).sum();
  }

  @Override
  public void evictBefore(long cutoff) {
    for (KafkaStreamsWindowStore store : stores) {
      store.evictBefore(cutoff);
    }
  }

  @Override
  public void commit(long position) {
    byte[] bytes = new byte[Long.BYTES];
    Bytes.putLong(bytes, 0, position);
    for (KafkaStreamsWindowStore store : stores) {
      store.commit(bytes);
    }
  }

  @Override
  public void exportTo(Path target) {
    for (int i = 0; i < stores.length; i++) {
      stores[i].checkpoint(StateSettings.ofStore(target, i));
    }
  }

  @Override
  public void close() {
    for (KafkaStreamsWindowStore store : stores) {
      store.close();
    }
  }
}
