package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list as a job got it from a map, that knows what was added to it since: putting it back appends
 * that, and leaves what is stored alone. An ordinary list for the job.
 *
 * <p>Elements are deserialized when somebody looks. A long list is not even copied before: it is
 * read when somebody looks, or before what it stands for is removed or replaced, so that the job
 * sees what was there when it asked.
 *
 * <p>Once an element that can be changed has been handed out, or was added and stored, nobody knows
 * whether it still is what is stored. Then the list is put back as a whole.
 */
final class TrackedList<E> extends AbstractList<E> implements RandomAccess {
  private final LongListMap<?, ?, E> map;
  private final byte[] key;
  private final long mapKey;
  private final boolean immutableElements;

  /** How many elements were stored when the job asked: the first ones at that place. */
  private final int found;

  /** What was found, and maybe more; null if that has not been read. */
  private @Nullable EntryBatch rows;

  /** All elements, once they were deserialized; before that those that were added. */
  private final ArrayList<E> elements = new ArrayList<>();

  private boolean decoded;

  /** How many of {@link #elements} are stored. */
  private int stored;

  private boolean changed;

  /** The version of the map as of which it is known what is stored. */
  private long version;

  /**
   * A list with elements.
   *
   * @param found how many
   * @param rows of them; null if there are too many to copy them without need
   * @param version of the map, which moves on with every write
   */
  TrackedList(
      LongListMap<?, ?, E> map,
      byte[] key,
      long mapKey,
      boolean immutableElements,
      int found,
      @Nullable EntryBatch rows,
      long version) {
    this.map = map;
    this.key = key;
    this.mapKey = mapKey;
    this.immutableElements = immutableElements;
    this.found = found;
    this.rows = rows;
    this.version = version;
  }

  /**
   * Whether what is stored at a place is this list without what was added to it and not stored.
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

  /** Whether an element was added that is not stored. */
  boolean hasUnstored() {
    return stored < elements.size();
  }

  /** The first of those; the caller stores it. */
  E nextUnstored() {
    return elements.get(stored);
  }

  /**
   * Notes that the {@link #nextUnstored} was stored.
   *
   * @param versionThen of the map
   */
  void markStored(long versionThen) {
    stored++;
    version = versionThen;
    changed |= !immutableElements;
  }

  /** Whether the list needs nothing of what is stored any more. */
  boolean isRead() {
    return rows != null;
  }

  /** Reads what is stored, for the list as it is to stay so whatever is written. */
  void read() {
    read(null);
  }

  /** As {@link #read()}, of another list of this place that has read at least as much, if any. */
  void read(@Nullable TrackedList<E> other) {
    if (rows == null) {
      rows = other == null ? map.readList(key, mapKey, found) : other.rows;
    }
  }

  private void decode() {
    if (!decoded) {
      read();
      List<E> added = new ArrayList<>(elements);
      elements.clear();
      map.decode(Objects.requireNonNull(rows), 0, found, elements);
      elements.addAll(added);
      stored += found;
      decoded = true;
    }
    changed |= !immutableElements;
  }

  @Override
  public int size() {
    return decoded ? elements.size() : found + elements.size();
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
