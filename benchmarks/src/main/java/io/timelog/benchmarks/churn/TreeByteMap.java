package io.timelog.benchmarks.churn;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@link TreeMap}. A snapshot is a copy. */
final class TreeByteMap implements ByteMap {
  private final NavigableMap<byte[], byte[]> tree;

  TreeByteMap() {
    this(new TreeMap<>(Arrays::compareUnsigned));
  }

  private TreeByteMap(NavigableMap<byte[], byte[]> tree) {
    this.tree = tree;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    tree.put(key, value);
  }

  @Override
  public void remove(byte[] key) {
    tree.remove(key);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return tree.get(key);
  }

  @Override
  public void removeRange(byte[] from, byte[] to) {
    tree.subMap(from, true, to, false).clear();
  }

  @Override
  public ByteReads snapshot() {
    return new TreeByteMap(new TreeMap<>(tree));
  }

  @Override
  public void flush() {}

  @Override
  public OptionalLong accountedBytes() {
    return OptionalLong.empty();
  }

  @Override
  public Walk walk() {
    return new TreeWalk(tree);
  }

  @Override
  public void close() {}

  private static final class TreeWalk implements Walk {
    private final NavigableMap<byte[], byte[]> tree;
    private Iterator<Map.Entry<byte[], byte[]>> following = Collections.emptyIterator();
    private Map.@Nullable Entry<byte[], byte[]> entry;

    TreeWalk(NavigableMap<byte[], byte[]> tree) {
      this.tree = tree;
    }

    @Override
    public boolean seek(byte[] key) {
      following = tree.tailMap(key, true).entrySet().iterator();
      return next();
    }

    @Override
    public boolean seekBack(byte[] key) {
      entry = tree.floorEntry(key);
      return entry != null;
    }

    @Override
    public boolean next() {
      entry = following.hasNext() ? following.next() : null;
      return entry != null;
    }

    @Override
    public byte[] key() {
      return standing().getKey();
    }

    @Override
    public byte[] value() {
      return standing().getValue();
    }

    private Map.Entry<byte[], byte[]> standing() {
      if (entry == null) {
        throw new IllegalStateException("The walk stands at no key");
      }
      return entry;
    }

    @Override
    public void close() {}
  }
}
