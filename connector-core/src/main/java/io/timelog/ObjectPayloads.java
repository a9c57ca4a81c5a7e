package io.timelog;

import io.timelog.internal.objects.HandleTable;
import io.timelog.internal.objects.RetiredHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Payloads are 8-byte handles of values that stay on the heap. A value is let go, and reported to
 * the drop listener, when its entry is dropped and no open read can return it any more.
 */
final class ObjectPayloads<V> extends Payloads<V> {
  private final HandleTable<V> values = new HandleTable<>();
  private final RetiredHandles retired = new RetiredHandles();
  private final ValueReader<V> reader = new HandleReader<>(values);
  private final DropReport<V> report;
  private final int drainBatchLimit;
  private final RetiredHandles.Sink release = this::release;
  private volatile boolean closed;

  ObjectPayloads(DropReport<V> report, int drainBatchLimit) {
    this.report = report;
    this.drainBatchLimit = drainBatchLimit;
  }

  @Override
  void stage(V value, StagedPayloads staged) {
    long handle = values.allocate(value);
    staged.open(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(handle);
    staged.commit(Long.BYTES);
  }

  @Override
  void discard(StagedPayloads staged) {
    ByteBuffer handles = ByteBuffer.wrap(staged.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < staged.count(); i++) {
      values.free(handles.getLong(i * Long.BYTES));
    }
  }

  @Override
  ValueReader<V> reader() {
    return reader;
  }

  @Override
  ReadPin pin() {
    RetiredHandles.Epoch epoch = retired.open();
    return () -> {
      retired.close(epoch);
      reportSome();
    };
  }

  @Override
  void dropped(long timestamp, ByteBuffer payload, int offset, int length) {
    retired.retire(timestamp, payload.getLong(offset));
    reportSome();
  }

  @Override
  void reportSome() {
    report(closed ? Integer.MAX_VALUE : drainBatchLimit);
  }

  @Override
  void reportAll() {
    report(Integer.MAX_VALUE);
  }

  @Override
  int retiredQueueLength() {
    return retired.length();
  }

  @Override
  void close() {
    closed = true;
    reportAll();
  }

  private void report(int limit) {
    retired.drain(limit, release);
    if (closed && retired.isIdle()) {
      values.clear();
    }
  }

  private void release(long timestamp, long handle) {
    V value = values.free(handle);
    report.accept(timestamp, () -> value);
  }

  private static final class HandleReader<V> extends ValueReader<V> {
    private final HandleTable<V> values;

    HandleReader(HandleTable<V> values) {
      this.values = values;
    }

    @Override
    V read(ByteBuffer payload, int offset, int length) {
      return values.get(payload.getLong(offset));
    }
  }
}
