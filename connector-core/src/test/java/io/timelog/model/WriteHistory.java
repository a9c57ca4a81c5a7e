package io.timelog.model;

import io.timelog.LateEntries;
import io.timelog.Table;
import io.timelog.TimeRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A fixed sequence of writes to two tables, of which it is known what each prefix leaves behind.
 *
 * <p>Every write has a number. An append to the multimap or a put to the map has it as its value,
 * so that a reader can tell from what it sees how far the writer was. Immutable once built; any
 * number of threads may read.
 */
final class WriteHistory {
  static final String EVENTS = "events";
  static final String LATEST = "latest";

  private static final long TICKS_PER_WRITE = 10;
  private static final long RETENTION = 2_000 * TICKS_PER_WRITE;
  private static final int NEVER = Integer.MAX_VALUE;

  private enum Kind {
    APPEND,
    PUT,
    REMOVE_RANGE,
    DELETE_RANGE,
    DELETE_BEFORE
  }

  private final Bytes[] keys;
  private final Kind[] kinds;
  private final int[] keyOf;
  private final long[] timestamps;
  // The number of the write that took the entry away again.
  private final int[] endOf;
  // For each key, the numbers of its puts.
  private final int[][] putsOf;
  private final int longestLife;

  WriteHistory(long seed, int length, int keyCount) {
    SplittableRandom random = new SplittableRandom(seed);
    keys = KeyShape.LONGS.keys(keyCount, random);
    kinds = new Kind[length];
    keyOf = new int[length];
    timestamps = new long[length];
    endOf = new int[length];
    for (int i = 0; i < length; i++) {
      kinds[i] = kind(i);
      keyOf[i] = random.nextInt(keyCount);
      boolean late = random.nextInt(20) == 0;
      timestamps[i] = i * TICKS_PER_WRITE - (late ? random.nextLong(RETENTION / 4) : 0);
    }
    putsOf = new int[keyCount][];
    for (int key = 0; key < keyCount; key++) {
      int sought = key;
      putsOf[key] =
          IntStream.range(0, length)
              .filter(i -> kinds[i] == Kind.PUT && keyOf[i] == sought)
              .toArray();
    }
    longestLife = findEnds();
  }

  private static Kind kind(int number) {
    if (number % 1_000 == 999) {
      return Kind.DELETE_BEFORE;
    }
    if (number % 350 == 349) {
      return Kind.DELETE_RANGE;
    }
    if (number % 500 == 250) {
      return Kind.REMOVE_RANGE;
    }
    return number % 8 == 3 ? Kind.PUT : Kind.APPEND;
  }

  /** Asks the model when each entry goes. Returns how many writes an entry of the multimap sees. */
  private int findEnds() {
    ModelTable events = new ModelTable(Rule.MULTIMAP, LateEntries.ACCEPT, key -> 0);
    int[] lastPut = new int[keys.length];
    Arrays.fill(lastPut, -1);
    Arrays.fill(endOf, NEVER);
    int longest = 0;
    for (int i = 0; i < kinds.length; i++) {
      Bytes key = keys[keyOf[i]];
      switch (kinds[i]) {
        case APPEND -> events.append(key, timestamps[i], Bytes.of(value(i)));
        case PUT -> {
          if (lastPut[keyOf[i]] >= 0) {
            endOf[lastPut[keyOf[i]]] = i;
          }
          lastPut[keyOf[i]] = i;
        }
        case REMOVE_RANGE -> {
          for (ModelEntry removed : events.scan(key, range(i))) {
            longest = Math.max(longest, end(removed, i));
          }
          events.removeRange(key, range(i));
        }
        case DELETE_RANGE -> events.deleteRange(range(i));
        case DELETE_BEFORE -> events.deleteBefore(cutoff(i));
      }
      for (ModelEntry deleted : events.takeDeleted()) {
        longest = Math.max(longest, end(deleted, i));
      }
    }
    return longest;
  }

  /** Notes when the entry goes and returns how many writes it has seen. */
  private int end(ModelEntry entry, int at) {
    int number = number(entry.value().array());
    endOf[number] = at;
    return at - number;
  }

  private TimeRange range(int number) {
    long start = timestamps[number] - RETENTION / 2;
    return TimeRange.of(start, start + RETENTION / 20);
  }

  private long cutoff(int number) {
    return number * TICKS_PER_WRITE - RETENTION;
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** The number of the write that wrote the value. */
  static int number(byte[] value) {
    return ByteBuffer.wrap(value).getInt();
  }

  int length() {
    return kinds.length;
  }

  int keyCount() {
    return keys.length;
  }

  byte[] key(int index) {
    return keys[index].array();
  }

  /** Makes the write of this number. */
  void write(int number, Table events, Table latest) {
    byte[] key = keys[keyOf[number]].array();
    switch (kinds[number]) {
      case APPEND -> events.append(key, timestamps[number], value(number));
      case PUT -> latest.put(key, 0, value(number));
      case REMOVE_RANGE -> events.removeRange(key, range(number));
      case DELETE_RANGE -> events.deleteRange(range(number));
      case DELETE_BEFORE -> events.deleteBefore(cutoff(number));
    }
  }

  /** Whether this write left an entry in the multimap that is there after {@code prefix} writes. */
  boolean isEvent(int number, int prefix) {
    return kinds[number] == Kind.APPEND && number < prefix && endOf[number] >= prefix;
  }

  /** As {@link #isEvent(int, int)}, for one key. */
  boolean isEvent(int number, int prefix, int key) {
    return keyOf[number] == key && isEvent(number, prefix);
  }

  /** The first write that may have left an entry in the multimap after {@code prefix} writes. */
  int firstPossible(int prefix) {
    return Math.max(0, prefix - longestLife - 1_000);
  }

  /** The write whose value the map has for the key after {@code prefix} writes, or -1. */
  int latest(int key, int prefix) {
    int found = Arrays.binarySearch(putsOf[key], prefix);
    int before = (found >= 0 ? found : -found - 1) - 1;
    return before < 0 ? -1 : putsOf[key][before];
  }

  /** The first write after this one that adds an entry, or the length. */
  int nextAddition(int number) {
    int next = number + 1;
    while (next < kinds.length && kinds[next] != Kind.APPEND && kinds[next] != Kind.PUT) {
      next++;
    }
    return next;
  }
}
