package io.timelog.flink.internal.map;

import io.timelog.Codec;
import java.nio.ByteBuffer;

/** Reads elements of lists from rows. Writes none: that is the map's. For the task's thread. */
final class ElementCodec<E> implements Codec<E> {
  private final LongListMap<?, ?, E> lists;

  ElementCodec(LongListMap<?, ?, E> lists) {
    this.lists = lists;
  }

  @Override
  public int size(E element) {
    throw new UnsupportedOperationException("Rows are written by their map.");
  }

  @Override
  public void write(E element, ByteBuffer target) {
    throw new UnsupportedOperationException("Rows are written by their map.");
  }

  @Override
  public E read(ByteBuffer row) {
    return lists.element(row);
  }
}
