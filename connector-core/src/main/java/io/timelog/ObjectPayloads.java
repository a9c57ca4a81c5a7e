package io.timelog;

import io.timelog.internal.engine.RowDropListener;
import io.timelog.internal.objects.HandleTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Payloads are 8-byte handles of values that stay on the heap. A value is let go, and reported to
 * the drop listener, when the engine tells that its row was dropped, which is when no open read can
 * meet the row any more.
 */
final class ObjectPayloads<V> extends Payloads<V> {
  private final HandleTable<V> values = new HandleTable<>();
  private final ValueReader<V> reader = new HandleReader<>(values);

  ObjectPayloads(@Nullable DropListener<? super V> listener) {
    super(listener);
  }

  @Override
  void stage(long timestamp, V value, StagedEntries staged) {
    ByteBuffer target = staged.open(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    target.putLong(values.allocate(value));
    staged.commit(timestamp, Long.BYTES);
  }

  @Override
  void discard(StagedEntries staged, int from) {
    ByteBuffer handles = ByteBuffer.wrap(staged.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = from; i < staged.count(); i++) {
      values.free(handles.getLong(i * Long.BYTES));
    }
  }

  @Override
  ValueReader<V> reader() {
    return reader;
  }

  @Override
  boolean hearsOfDrops() {
    return true;
  }

  @Override
  RowDropListener rowDropListener() {
    return (key, keyOffset, keyLength, timestamp, payload, offset, length) ->
        report(timestamp, values.free(payload.getLong(offset)));
  }

  @Override
  void close() {
    values.clear();
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
