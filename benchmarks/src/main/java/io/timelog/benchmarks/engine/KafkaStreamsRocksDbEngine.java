package io.timelog.benchmarks.engine;

import java.util.OptionalLong;

/** A {@link KafkaStreamsWindowStore} whose files go when it is closed, and that never commits. */
final class KafkaStreamsRocksDbEngine implements KeyedEngine {
  private final KafkaStreamsWindowStore store;
  private final Runnable closing;

  private KafkaStreamsRocksDbEngine(KafkaStreamsWindowStore store, Runnable closing) {
    this.store = store;
    this.closing = closing;
  }

  /** With the memory that Kafka Streams gives it by default. */
  static KafkaStreamsRocksDbEngine unbounded(EngineSettings settings) {
    return new KafkaStreamsRocksDbEngine(
        new KafkaStreamsWindowStore(settings.directory(), settings.retention(), RocksDbLog.OFF),
        () -> {});
  }

  /** With so much memory for all segments together. */
  static KafkaStreamsRocksDbEngine bounded(EngineSettings settings, long memoryBytes) {
    SharedRocksDbMemory memory = SharedRocksDbMemory.ofKafkaStreams(memoryBytes);
    return new KafkaStreamsRocksDbEngine(
        new KafkaStreamsWindowStore(
            settings.directory(), settings.retention(), RocksDbLog.OFF, memory),
        memory::close);
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
    closing.run();
  }
}
