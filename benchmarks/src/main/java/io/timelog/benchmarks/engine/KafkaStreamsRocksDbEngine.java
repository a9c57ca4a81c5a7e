package io.timelog.benchmarks.engine;

import java.util.OptionalLong;

/** A {@link KafkaStreamsWindowStore} whose files go when it is closed, and that never commits. */
final class KafkaStreamsRocksDbEngine implements KeyedEngine {
  private final KafkaStreamsWindowStore store;

  KafkaStreamsRocksDbEngine(EngineSettings settings) {
    this.store =
        new KafkaStreamsWindowStore(settings.directory(), settings.retention(), RocksDbLog.OFF);
  }

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    store.append(key, timestamp, value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    return store.scan(key, start, end);
  }

  @Override
  public long scannedEntries() {
    return store.scannedEntries();
  }

  @Override
  public void evictBefore(long cutoff) {
    store.evictBefore(cutoff);
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.of(store.memoryBytes());
  }

  @Override
  public void close() {
    store.destroy();
  }
}
