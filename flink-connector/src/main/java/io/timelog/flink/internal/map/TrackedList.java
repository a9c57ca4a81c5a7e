package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list as a job got it from a map, that knows what was added to it since: putting it back appends
 * that, and leaves what is stored alone. An ordinary list for the job.
 *
 * <p>Elements are deserialized when somebody looks. A long list is not even copied before: it is
 * read when somebody looks, or before the map is written to otherwise, so that the job sees what
 * was there when it asked.
 *
 * <p>Once an element that can be changed has been handed out, or was added and stored, nobody knows
 * whether it still is what is stored. Then the list is put back as a whole.
 */
final class TrackedList<E> extends AbstractList<E> implements RandomAccess {
  private final LongListMap<?, ?, E> map;
  private final byte[] key;
  private final long mapKey;
  private final boolean immutableElements;

  /** What is stored; null for a long list that has not been read. */
  private @Nullable EntryBatch rows;

  /** All elements, once they were deserialized; before that those that were added. */
  private final ArrayList<E> elements = new ArrayList<>();

  private boolean decoded;

  /** How many elements at the beginning are stored, as far as that is known. */
  private int stored;

  /** How many of the elements that were added are stored by now; counts until all are decoded. */
  private int addedStored;

  private boolean changed;

  /** The version of the map as of which it is known what is stored. */
  private long version;

  /**
   * A list with elements.
   *
   * @param rows all of its rows; null if there are too many to copy them without need
   * @param version of the map, which moves on with every write
   */
  TrackedList(
      LongListMap<?, ?, E> map,
      byte[] key,
      long mapKey,
      boolean immutableElements,
      @Nullable EntryBatch rows,
      long version) {
    this.map = map;
    this.key = key;
    this.mapKey = mapKey;
    this.immutableElements = immutableElements;
    this.rows = rows;
    this.stored = rows == null ? 0 : rows.size();
    this.version = version;
  }

  /**
   * Whether what is stored at a place is this list without its {@linkplain #takeAdded additions}.
   *
   * @param versionNow of the map
   */
  boolean isTailOf(LongListMap<?, ?, ?> of, Span ofKey, long ofMapKey, long versionNow) {
    return !changed
        && map == of
        && mapKey == ofMapKey
        && version == versionNow
        && ofKey.contentEquals(Span.of(key));
  }

  /**
   * The elements that are not stored yet; the caller stores them.
   *
   * @param versionThen of the map
   */
  List<E> takeAdded(long versionThen) {
    version = versionThen;
    int from = decoded ? stored : addedStored;
    List<E> added = new ArrayList<>(elements.subList(from, elements.size()));
    if (decoded) {
      stored = elements.size();
    } else {
      addedStored = elements.size();
    }
    changed |= !immutableElements && !added.isEmpty();
    return added;
  }

  /** Reads what is stored, for the list as it is to stay so whatever is written. */
  void read() {
    if (rows == null) {
      EntryBatch all = map.readList(key, mapKey);
      rows = all;
      stored = all.size() - addedStored;
    }
  }

  private void decode() {
    if (!decoded) {
      read();
      List<E> added = new ArrayList<>(elements);
      elements.clear();
      EntryBatch all = rows;
      if (all != null) {
        map.decode(all, 0, stored, elements);
      }
      elements.addAll(added);
      stored += addedStored;
      decoded = true;
    }
    changed |= !immutableElements;
  }

  @Override
  public int size() {
    if (decoded) {
      return elements.size();
    }
    read();
    return stored + elements.size();
  }

  @Override
  public boolean add(E element) {
    modCount++;
    return elements.add(element);
  }

  @Override
  public E get(int index) {
    decode();
    return elements.get(index);
  }

  @Override
  public E set(int index, E element) {
    decode();
    changed = true;
    return elements.set(index, element);
  }

  @Override
  public void add(int index, E element) {
    decode();
    changed = true;
    modCount++;
    elements.add(index, element);
  }

  @Override
  public E remove(int index) {
    decode();
    changed = true;
    modCount++;
    return elements.remove(index);
  }
}
