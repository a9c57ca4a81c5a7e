package io.timelog.internal.log;

import io.timelog.DropListener;
import io.timelog.internal.drop.RowDropListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Payloads are 8-byte handles of values that stay on the heap. A value is let go, and reported to
 * the drop listener, when the engine tells that its row was dropped, which is when no open read can
 * meet the row any more.
 */
public final class ObjectPayloads<V> extends Payloads<V> {
  private final HandleTable<V> values = new HandleTable<>();
  private final ValueReader<V> reader = new HandleReader<>(values);

  /** Values of one log; dropped ones are told to {@code listener}, if there is one. */
  public ObjectPayloads(@Nullable DropListener<? super V> listener) {
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
  public ValueReader<V> reader() {
    return reader;
  }

  @Override
  boolean hearsOfDrops() {
    return true;
  }

  @Override
  public RowDropListener rowDropListener() {
    return (key, keyOffset, keyLength, timestamp, payload, offset, length) ->
        report(timestamp, values.free(payload.getLong(offset)));
  }

  @Override
  public void close() {
    values.clear();
  }

  private static final class HandleReader<V> implements ValueReader<V> {
    private final HandleTable<V> values;

    HandleReader(HandleTable<V> values) {
      this.values = values;
    }

    @Override
    public V read(ByteBuffer payload, int offset, int length) {
      return values.get(payload.getLong(offset));
    }
  }
}
