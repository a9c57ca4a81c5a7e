package io.timelog.benchmarks.kafka;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.kstream.internals.TimeWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/** The stores of {@link FloorSuppliers}: what no job asks them for, they refuse. */
final class FloorStores {
  private static final NavigableMap<Long, byte[]> NOTHING = new TreeMap<>();

  private FloorStores() {}

  private abstract static class Floor implements StateStore {
    private final String name;
    private boolean open;

    Floor(String name) {
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

    static IllegalStateException notAsked(String operation) {
      return new IllegalStateException("The floor of a job has no " + operation);
    }
  }

  private abstract static class FloorWindows extends Floor implements WindowStore<Bytes, byte[]> {
    FloorWindows(String name) {
      super(name);
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
  }

  /** One value for each key and time. */
  static final class ByKey extends FloorWindows {
    private final Map<Bytes, TreeMap<Long, byte[]>> windows = new HashMap<>();

    ByKey(String name) {
      super(name);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value, long time) {
      if (value == null) {
        of(key).remove(time);
      } else {
        windows.computeIfAbsent(key, k -> new TreeMap<>()).put(time, value);
      }
    }

    private NavigableMap<Long, byte[]> of(Bytes key) {
      NavigableMap<Long, byte[]> found = windows.get(key);
      return found == null ? NOTHING : found;
    }

    @Override
    public byte @Nullable [] fetch(Bytes key, long time) {
      return of(key).get(time);
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, long first, long last) {
      return new TimesOf(of(key).subMap(first, true, last, true).entrySet().iterator());
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(
        Bytes from, Bytes to, long first, long last) {
      return windowed(from, of(from).subMap(first, true, last, true));
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> backwardFetch(
        Bytes from, Bytes to, long first, long last) {
      return windowed(from, of(from).subMap(first, true, last, true).descendingMap());
    }

    /**
     * The rows of the one key that sliding windows ask for, copied, as they write while reading.
     */
    private static KeyValueIterator<Windowed<Bytes>, byte[]> windowed(
        Bytes key, NavigableMap<Long, byte[]> rows) {
      List<KeyValue<Windowed<Bytes>, byte[]>> found = new ArrayList<>();
      rows.forEach(
          (time, value) ->
              found.add(KeyValue.pair(new Windowed<>(key, new TimeWindow(time, time + 1)), value)));
      return new Found<>(found.iterator());
    }
  }

  /** Any number of values for each key and time. */
  static final class Duplicates extends FloorWindows {
    private final Map<Bytes, TreeMap<Long, List<byte[]>>> rows = new HashMap<>();

    Duplicates(String name) {
      super(name);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value, long time) {
      if (value != null) {
        rows.computeIfAbsent(key, k -> new TreeMap<>())
            .computeIfAbsent(time, t -> new ArrayList<>(1))
            .add(value);
      }
    }

    @Override
    public byte @Nullable [] fetch(Bytes key, long time) {
      throw notAsked("fetch of one");
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, long first, long last) {
      TreeMap<Long, List<byte[]>> found = rows.get(key);
      if (found == null) {
        return new TimesOf(Collections.emptyIterator());
      }
      List<Map.Entry<Long, byte[]>> copied = new ArrayList<>();
      found
          .subMap(first, true, last, true)
          .forEach((time, values) -> values.forEach(v -> copied.add(Map.entry(time, v))));
      return new TimesOf(copied.iterator());
    }
  }

  /** One value for each time and key, for jobs that emit whole windows. */
  static final class ByTime extends FloorWindows {
    private final TreeMap<Long, TreeMap<Bytes, byte[]>> windows = new TreeMap<>();

    ByTime(String name) {
      super(name);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value, long time) {
      if (value != null) {
        windows.computeIfAbsent(time, t -> new TreeMap<>()).put(key, value);
      }
    }

    @Override
    public byte @Nullable [] fetch(Bytes key, long time) {
      TreeMap<Bytes, byte[]> found = windows.get(time);
      return found == null ? null : found.get(key);
    }

    @Override
    public WindowStoreIterator<byte[]> fetch(Bytes key, long first, long last) {
      throw notAsked("fetch of a key");
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetchAll(long first, long last) {
      return new Found<>(
          windows.subMap(first, true, last, true).entrySet().stream()
              .flatMap(
                  window ->
                      window.getValue().entrySet().stream()
                          .map(
                              row ->
                                  KeyValue.pair(
                                      new Windowed<>(
                                          row.getKey(),
                                          new TimeWindow(window.getKey(), window.getKey() + 1)),
                                      row.getValue())))
              .iterator());
    }
  }

  /** Sessions of each key by their end. */
  static final class Sessions extends Floor implements SessionStore<Bytes, byte[]> {
    private final Map<Bytes, TreeMap<Long, KeyValue<Windowed<Bytes>, byte[]>>> sessions =
        new HashMap<>();

    Sessions(String name) {
      super(name);
    }

    @Override
    public void put(Windowed<Bytes> session, byte @Nullable [] value) {
      if (value == null) {
        remove(session);
      } else {
        sessions
            .computeIfAbsent(session.key(), k -> new TreeMap<>())
            .put(session.window().end(), KeyValue.pair(session, value));
      }
    }

    @Override
    public void remove(Windowed<Bytes> session) {
      TreeMap<Long, KeyValue<Windowed<Bytes>, byte[]>> found = sessions.get(session.key());
      if (found != null) {
        found.remove(session.window().end());
      }
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> findSessions(
        Bytes key, long earliestEnd, long latestStart) {
      TreeMap<Long, KeyValue<Windowed<Bytes>, byte[]>> all = sessions.get(key);
      List<KeyValue<Windowed<Bytes>, byte[]>> found = new ArrayList<>(2);
      if (all != null) {
        for (KeyValue<Windowed<Bytes>, byte[]> session : all.tailMap(earliestEnd, true).values()) {
          if (session.key.window().start() <= latestStart) {
            found.add(session);
          }
        }
      }
      return new Found<>(found.iterator());
    }

    @Override
    public byte @Nullable [] fetchSession(Bytes key, long start, long end) {
      TreeMap<Long, KeyValue<Windowed<Bytes>, byte[]>> all = sessions.get(key);
      KeyValue<Windowed<Bytes>, byte[]> found = all == null ? null : all.get(end);
      return found == null || !found.key.window().equals(new SessionWindow(start, end))
          ? null
          : found.value;
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes key) {
      throw notAsked("fetch of a key");
    }

    @Override
    public KeyValueIterator<Windowed<Bytes>, byte[]> fetch(Bytes from, Bytes to) {
      throw notAsked("fetch of keys");
    }
  }

  private static class Found<K> implements KeyValueIterator<K, byte[]> {
    private final Iterator<KeyValue<K, byte[]>> found;

    Found(Iterator<KeyValue<K, byte[]>> found) {
      this.found = found;
    }

    @Override
    public void close() {}

    @Override
    public K peekNextKey() {
      throw Floor.notAsked("look ahead");
    }

    @Override
    public boolean hasNext() {
      return found.hasNext();
    }

    @Override
    public KeyValue<K, byte[]> next() {
      return found.next();
    }
  }

  private static final class TimesOf implements WindowStoreIterator<byte[]> {
    private final Iterator<Map.Entry<Long, byte[]>> rows;

    TimesOf(Iterator<Map.Entry<Long, byte[]>> rows) {
      this.rows = rows;
    }

    @Override
    public void close() {}

    @Override
    public Long peekNextKey() {
      throw Floor.notAsked("look ahead");
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public KeyValue<Long, byte[]> next() {
      Map.Entry<Long, byte[]> row = rows.next();
      return KeyValue.pair(row.getKey(), row.getValue());
    }
  }
}
