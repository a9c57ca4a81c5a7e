package io.timelog.kafka.internal.keyvalue.sorted;

import org.jspecify.annotations.Nullable;

/**
 * The keys of a {@link KeyTree} at one moment, for as long as anybody likes to keep them.
 * Immutable; finding a place costs O(log n).
 */
public final class SortedKeys {
  private final Node root;
  private final int size;

  SortedKeys(Node root, int size) {
    this.root = root;
    this.size = size;
  }

  /** The number of keys. */
  public int size() {
    return size;
  }

  /** The keys from {@code low} on, which is included; all if it is null. Before the first. */
  public KeyCursor ascending(byte @Nullable [] low) {
    return new KeyCursor(root, low, 1);
  }

  /** The keys down from {@code high}, which is included; all if it is null. Before the first. */
  public KeyCursor descending(byte @Nullable [] high) {
    return new KeyCursor(root, high, -1);
  }
}
