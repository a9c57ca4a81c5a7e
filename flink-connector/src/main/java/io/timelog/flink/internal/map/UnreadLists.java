package io.timelog.flink.internal.map;

import io.timelog.Span;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Long lists of one map that were handed out before anybody read them, by key of the engine and key
 * in the map. They are {@linkplain TrackedList#read read} when what they stand for is about to be
 * removed or replaced; what is only added to stays there for them. A list that the job has let go
 * of is of no concern any more.
 *
 * <p>Lists of one place share what is read. So the cost of reading is that of the removal or
 * replacement, however many lists there are, and the cost of a list is small.
 */
final class UnreadLists<E> {
  private static final int FIRST_SWEEP = 1_024;

  private final Map<ByteBuffer, Map<Long, List<WeakReference<TrackedList<E>>>>> byKey =
      new HashMap<>();

  private int size;
  private int nextSweep = FIRST_SWEEP;

  /** Adds a list. */
  void add(byte[] key, long mapKey, TrackedList<E> list) {
    if (size >= nextSweep) {
      sweep();
      nextSweep = Math.max(FIRST_SWEEP, 2 * size);
    }
    byKey
        .computeIfAbsent(ByteBuffer.wrap(key), unused -> new HashMap<>())
        .computeIfAbsent(mapKey, unused -> new ArrayList<>(1))
        .add(new WeakReference<>(list));
    size++;
  }

  /** Forgets the lists that nobody has any more, or that were read. */
  private void sweep() {
    size = 0;
    for (Map<Long, List<WeakReference<TrackedList<E>>>> ofKey : byKey.values()) {
      for (List<WeakReference<TrackedList<E>>> lists : ofKey.values()) {
        lists.removeIf(UnreadLists::isOfNoConcern);
        size += lists.size();
      }
      ofKey.values().removeIf(List::isEmpty);
    }
    byKey.values().removeIf(Map::isEmpty);
  }

  private static <E> boolean isOfNoConcern(WeakReference<TrackedList<E>> reference) {
    TrackedList<E> list = reference.get();
    return list == null || list.isRead();
  }

  /** Has the lists of a place read. */
  void read(Span key, long mapKey) {
    if (size > 0) {
      Map<Long, List<WeakReference<TrackedList<E>>>> ofKey = byKey.get(bytes(key));
      List<WeakReference<TrackedList<E>>> lists = ofKey == null ? null : ofKey.remove(mapKey);
      if (lists != null) {
        read(lists);
      }
    }
  }

  /** Has all lists of a key read. */
  void read(Span key) {
    if (size > 0) {
      Map<Long, List<WeakReference<TrackedList<E>>>> ofKey = byKey.remove(bytes(key));
      if (ofKey != null) {
        ofKey.values().forEach(this::read);
      }
    }
  }

  /** Has all lists read. */
  void read() {
    byKey.values().forEach(ofKey -> ofKey.values().forEach(this::read));
    byKey.clear();
  }

  private void read(List<WeakReference<TrackedList<E>>> lists) {
    TrackedList<E> longest = null;
    // The last one has the most elements, as nothing was removed since the first was handed out.
    for (int i = lists.size() - 1; i >= 0; i--) {
      TrackedList<E> list = lists.get(i).get();
      if (list != null && !list.isRead()) {
        list.read(longest);
        longest = longest == null ? list : longest;
      }
    }
    size -= lists.size();
  }

  private static ByteBuffer bytes(Span key) {
    return ByteBuffer.wrap(key.bytes(), key.offset(), key.length());
  }
}
