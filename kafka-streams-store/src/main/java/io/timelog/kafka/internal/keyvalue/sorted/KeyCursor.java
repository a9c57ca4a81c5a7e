package io.timelog.kafka.internal.keyvalue.sorted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Steps through the keys of a set in one direction. Belongs to one thread. */
public final class KeyCursor {
  private final int step;
  private final List<Inner> path = new ArrayList<>(4);
  private int[] places = new int[4];
  private @Nullable Leaf leaf;
  private int place;

  KeyCursor(Node root, byte @Nullable [] start, int step) {
    this.step = step;
    Node node = root;
    while (node instanceof Inner inner) {
      enter(inner, start == null ? firstPlace(inner) : inner.childOf(start));
      node = inner.child(places[path.size() - 1]);
    }
    Leaf reached = (Leaf) node;
    leaf = reached;
    place = start == null ? firstPlace(reached) - step : placeBefore(reached, start);
  }

  private int placeBefore(Leaf reached, byte[] start) {
    int found = reached.find(start);
    if (found >= 0) {
      return found - step;
    }
    int behind = -found - 1;
    return step > 0 ? behind - 1 : behind;
  }

  private int firstPlace(Node node) {
    return step > 0 ? 0 : node.count() - 1;
  }

  private void enter(Inner inner, int at) {
    if (path.size() == places.length) {
      places = Arrays.copyOf(places, places.length * 2);
    }
    places[path.size()] = at;
    path.add(inner);
  }

  /** Moves to the next key; false when there is none, and from then on. */
  public boolean advance() {
    Leaf at = leaf;
    while (at != null) {
      place += step;
      if (0 <= place && place < at.count()) {
        return true;
      }
      at = nextLeaf();
      leaf = at;
    }
    return false;
  }

  private @Nullable Leaf nextLeaf() {
    while (!path.isEmpty()) {
      int depth = path.size() - 1;
      Inner inner = path.get(depth);
      int next = places[depth] + step;
      if (0 <= next && next < inner.count()) {
        places[depth] = next;
        Node node = inner.child(next);
        while (node instanceof Inner below) {
          enter(below, firstPlace(below));
          node = below.child(places[path.size() - 1]);
        }
        Leaf reached = (Leaf) node;
        place = firstPlace(reached) - step;
        return reached;
      }
      path.remove(depth);
    }
    return null;
  }

  private Leaf current() {
    Leaf at = leaf;
    if (at == null) {
      throw new NoSuchElementException("There is no key here");
    }
    return at;
  }

  /** A copy of the current key. */
  public byte[] key() {
    return current().key(place);
  }

  /** The order of the current key and another, as a comparator tells it. */
  public int compareTo(byte[] other) {
    return current().compare(place, other);
  }
}
