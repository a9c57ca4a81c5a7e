package io.timelog.benchmarks.kafka;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * The bound of a window store that keeps copies of what it is given: a hash table and, per key, one
 * growable array of times and one of values. It can put in order of time and fetch of one key, and
 * nothing else: values of one length, nothing late, removed or expired, no order over all keys, no
 * snapshots, no other reader, no restore.
 */
final class IdealWindowStore implements WindowStore<Bytes, byte[]> {
  private final String name;
  private final Map<Bytes, Rows> rows = new HashMap<>();
  private boolean open;

  IdealWindowStore(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value, long time) {
    if (value == null) {
      throw notAsked("removal");
    }
    Rows ofKey = rows.get(key);
    if (ofKey == null) {
      ofKey = new Rows(value.length);
      rows.put(key, ofKey);
    }
    ofKey.append(time, value);
  }

  @Override
  public byte @Nullable [] fetch(Bytes key, long time) {
    Rows ofKey = rows.get(key);
    int row = ofKey == null ? -1 : Arrays.binarySearch(ofKey.times, 0, ofKey.count, time);
    return ofKey == null || row < 0 ? null : ofKey.value(row);
  }

  @Override
  public WindowStoreIterator<byte[]> fetch(Bytes key, long first, long last) {
    Rows ofKey = rows.get(key);
    return ofKey == null ? new Range(new Rows(0), 0, 0) : ofKey.range(first, last);
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
      Bytes from, Bytes to, long first, long last) {
    throw notAsked("fetch of many keys");
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(long first, long last) {
    throw notAsked("fetch of all keys");
  }

  @Override
  public KeyValueIterator<Windowed<Bytes>, byte[]> all() {
    throw notAsked("scan of everything");
  }

  private static IllegalStateException notAsked(String operation) {
    return new IllegalStateException("The bound has no " + operation);
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Position getPosition() {
    return Position.emptyPosition();
  }

  private static final class Rows {
    private static final int FIRST_ROWS = 4;

    private final int valueBytes;
    private long[] times = new long[FIRST_ROWS];
    private byte[] values;
    private int count;

    Rows(int valueBytes) {
      this.valueBytes = valueBytes;
      this.values = new byte[FIRST_ROWS * valueBytes];
    }

    void append(long time, byte[] value) {
      boolean replaces = count > 0 && times[count - 1] == time;
      if (value.length != valueBytes || (count > 0 && times[count - 1] > time)) {
        throw notAsked("value of another length and none that is late");
      }
      int row = replaces ? count - 1 : count;
      if (row == times.length) {
        times = Arrays.copyOf(times, 2 * row);
        values = Arrays.copyOf(values, 2 * row * valueBytes);
      }
      times[row] = time;
      System.arraycopy(value, 0, values, row * valueBytes, valueBytes);
      count = row + 1;
    }

    byte[] value(int row) {
      return Arrays.copyOfRange(values, row * valueBytes, (row + 1) * valueBytes);
    }

    Range range(long first, long last) {
      int from = Arrays.binarySearch(times, 0, count, first);
      int begin = from < 0 ? -1 - from : from;
      int end = begin;
      while (end < count && times[end] <= last) {
        end++;
      }
      return new Range(this, begin, end);
    }
  }

  private static final class Range implements WindowStoreIterator<byte[]> {
    private final Rows rows;
    private final int end;
    private int next;

    Range(Rows rows, int begin, int end) {
      this.rows = rows;
      this.next = begin;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public Long peekNextKey() {
      return rows.times[next];
    }

    @Override
    public KeyValue<Long, byte[]> next() {
      KeyValue<Long, byte[]> row = KeyValue.pair(rows.times[next], rows.value(next));
      next++;
      return row;
    }

    @Override
    public void close() {}
  }
}
