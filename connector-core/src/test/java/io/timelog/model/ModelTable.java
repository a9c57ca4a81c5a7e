package io.timelog.model;

import io.timelog.LateEntries;
import io.timelog.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a table means, in sorted sets: the judge of {@link TimelogModelTest}.
 *
 * <p>There are no windows, versions or tombstones here. A delete removes what is there at that
 * moment, so what is written later is not touched by it; a snapshot is a copy.
 */
final class ModelTable {
  private final Rule rule;
  private final LateEntries lateEntries;
  private final ToIntFunction<Bytes> groups;
  private final NavigableSet<ModelEntry> inTimeOrder;
  private final Map<Bytes, NavigableSet<ModelEntry>> byKey = new HashMap<>();
  private final List<ModelEntry> deleted = new ArrayList<>();
  private long floor = Long.MIN_VALUE;
  private long arrivals;
  private long bytes;

  ModelTable(Rule rule, LateEntries lateEntries, ToIntFunction<Bytes> groups) {
    this.rule = rule;
    this.lateEntries = lateEntries;
    this.groups = groups;
    inTimeOrder = new TreeSet<>(ModelEntry.TIME_ORDER);
  }

  private ModelTable(ModelTable original) {
    rule = original.rule;
    lateEntries = original.lateEntries;
    groups = original.groups;
    inTimeOrder = new TreeSet<>(original.inTimeOrder);
    original.byKey.forEach((key, entries) -> byKey.put(key, new TreeSet<>(entries)));
    floor = original.floor;
    arrivals = original.arrivals;
  }

  /** The table as it is now; later writes do not reach the copy. */
  ModelTable copy() {
    return new ModelTable(this);
  }

  Rule rule() {
    return rule;
  }

  int size() {
    return inTimeOrder.size();
  }

  /** Bytes of keys, subkeys and values of all entries. */
  long bytes() {
    return bytes;
  }

  /** Every timestamp below was deleted once; {@link Long#MIN_VALUE} before the first delete. */
  long floor() {
    return floor;
  }

  /** Whether an entry with this timestamp would be refused. */
  boolean refuses(long timestamp) {
    return lateEntries == LateEntries.REFUSE && timestamp < floor;
  }

  /** Adds an entry to a multimap; false if it is late and refused. */
  boolean append(Bytes key, long timestamp, Bytes value) {
    if (refuses(timestamp)) {
      return false;
    }
    add(ModelEntry.of(key, groups.applyAsInt(key), timestamp, Bytes.EMPTY, ++arrivals, value));
    return true;
  }

  /** Adds or replaces an entry of a map; false if it is late and refused. */
  boolean put(Bytes key, long timestamp, Bytes subkey, Bytes value) {
    if (refuses(timestamp)) {
      return false;
    }
    ModelEntry present = get(key, timestamp, subkey);
    if (present != null) {
      takeAway(present);
    }
    add(ModelEntry.of(key, groups.applyAsInt(key), timestamp, subkey, 0, value));
    return true;
  }

  /** Replaces all entries of a key and timestamp; false if those that come are late and refused. */
  boolean replaceAll(Bytes key, long timestamp, List<Operation.Item> items) {
    if (!items.isEmpty() && refuses(timestamp)) {
      return false;
    }
    removeRange(key, TimeRange.at(timestamp));
    for (Operation.Item item : items) {
      if (rule == Rule.MAP) {
        put(key, timestamp, item.subkey(), item.value());
      } else {
        append(key, timestamp, item.value());
      }
    }
    return true;
  }

  /** Removes an entry of a map, if there is one. */
  void remove(Bytes key, long timestamp, Bytes subkey) {
    ModelEntry present = get(key, timestamp, subkey);
    if (present != null) {
      takeAway(present);
    }
  }

  /** Removes the entries of one key. */
  void removeRange(Bytes key, TimeRange range) {
    scan(key, range).forEach(this::takeAway);
  }

  /** Removes the entries of all keys. */
  void deleteRange(TimeRange range) {
    List<ModelEntry> entries = scanAll(range);
    entries.forEach(this::takeAway);
    deleted.addAll(entries);
  }

  /** Removes what is older than {@code cutoff}. The floor never goes down. */
  void deleteBefore(long cutoff) {
    deleteRange(TimeRange.until(cutoff));
    floor = Math.max(floor, cutoff);
  }

  @Nullable ModelEntry get(Bytes key, long timestamp, Bytes subkey) {
    NavigableSet<ModelEntry> entries = byKey.get(key);
    if (entries == null) {
      return null;
    }
    ModelEntry sought = ModelEntry.of(key, 0, timestamp, subkey, 0, Bytes.EMPTY);
    ModelEntry found = entries.ceiling(sought);
    return found != null && ModelEntry.WITHIN_KEY.compare(found, sought) == 0 ? found : null;
  }

  /** The entries of one key, in the order of {@link ModelEntry#WITHIN_KEY}. */
  List<ModelEntry> scan(Bytes key, TimeRange range) {
    NavigableSet<ModelEntry> entries = byKey.get(key);
    return entries == null ? List.of() : slice(entries, range);
  }

  /** The entries of all keys, in the order of {@link ModelEntry#TIME_ORDER}. */
  List<ModelEntry> scanAll(TimeRange range) {
    return slice(inTimeOrder, range);
  }

  OptionalLong minTimestamp() {
    return inTimeOrder.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(inTimeOrder.first().timestamp());
  }

  OptionalLong maxTimestamp() {
    return inTimeOrder.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(inTimeOrder.last().timestamp());
  }

  private static List<ModelEntry> slice(NavigableSet<ModelEntry> entries, TimeRange range) {
    if (range.isEmpty()) {
      return List.of();
    }
    return new ArrayList<>(
        entries.subSet(ModelEntry.before(range.first()), ModelEntry.after(range.last())));
  }

  /**
   * The entries that {@code deleteRange} and {@code deleteBefore} deleted since the last call. One
   * that was replaced or removed alone is not among them.
   */
  List<ModelEntry> takeDeleted() {
    List<ModelEntry> taken = List.copyOf(deleted);
    deleted.clear();
    return taken;
  }

  private static long bytes(ModelEntry entry) {
    return (long) entry.key().length() + entry.subkey().length() + entry.value().length();
  }

  private void add(ModelEntry entry) {
    inTimeOrder.add(entry);
    bytes += bytes(entry);
    byKey.computeIfAbsent(entry.key(), key -> new TreeSet<>(ModelEntry.WITHIN_KEY)).add(entry);
  }

  private void takeAway(ModelEntry entry) {
    inTimeOrder.remove(entry);
    bytes -= bytes(entry);
    NavigableSet<ModelEntry> ofKey = byKey.get(entry.key());
    ofKey.remove(entry);
    if (ofKey.isEmpty()) {
      byKey.remove(entry.key());
    }
  }
}
