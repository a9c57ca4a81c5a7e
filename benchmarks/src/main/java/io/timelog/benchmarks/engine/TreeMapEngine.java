package io.timelog.benchmarks.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What one writes first: a hash map from key to a {@link TreeMap} from timestamp to the values that
 * arrived with it. Eviction cuts the head off every tree and drops the keys that are left with
 * nothing.
 */
final class TreeMapEngine implements KeyedEngine {
  private final Map<ArrayKey, TreeMap<Long, List<byte[]>>> trees = new HashMap<>();
  private long scannedEntries;

  @Override
  public void append(byte[] key, long timestamp, byte[] value) {
    trees
        .computeIfAbsent(new ArrayKey(key), unused -> new TreeMap<>())
        .computeIfAbsent(timestamp, unused -> new ArrayList<>(1))
        .add(value);
  }

  @Override
  public long scan(byte[] key, long start, long end) {
    NavigableMap<Long, List<byte[]>> tree = trees.get(new ArrayKey(key));
    if (tree == null) {
      return 0;
    }
    long sum = 0;
    int position = 0;
    for (Map.Entry<Long, List<byte[]>> entry : tree.subMap(start, true, end, false).entrySet()) {
      long timestamp = entry.getKey();
      for (byte[] value : entry.getValue()) {
        sum += Checksum.term(position++, timestamp, Bytes.getLong(value, 0));
      }
    }
    scannedEntries += position;
    return sum;
  }

  @Override
  public long scannedEntries() {
    return scannedEntries;
  }

  @Override
  public void evictBefore(long cutoff) {
    trees
        .values()
        .removeIf(
            tree -> {
              tree.headMap(cutoff, false).clear();
              return tree.isEmpty();
            });
  }

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {}
}
