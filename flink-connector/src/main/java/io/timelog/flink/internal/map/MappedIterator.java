package io.timelog.flink.internal.map;

import java.util.Iterator;
import java.util.function.Function;

/** One part of each entry of an iterator. */
final class MappedIterator<E, T> implements Iterator<T> {
  private final Iterator<E> entries;
  private final Function<E, T> part;

  MappedIterator(Iterator<E> entries, Function<E, T> part) {
    this.entries = entries;
    this.part = part;
  }

  @Override
  public boolean hasNext() {
    return entries.hasNext();
  }

  @Override
  public T next() {
    return part.apply(entries.next());
  }

  @Override
  public void remove() {
    entries.remove();
  }
}
