package io.timelog;

import io.timelog.internal.engine.PartSize;
import io.timelog.internal.engine.TableEngine;
import io.timelog.internal.key.Key;
import io.timelog.internal.log.EncodedPayloads;
import io.timelog.internal.read.KeyBounds;
import io.timelog.internal.read.KeyCount;
import io.timelog.internal.read.KeyMajorScan;
import io.timelog.internal.read.KeyOrderScan;
import io.timelog.internal.read.KeyScan;
import io.timelog.internal.read.PageSlices;
import io.timelog.internal.read.PointRead;
import io.timelog.internal.read.ReadLease;
import io.timelog.internal.read.TimeBounds;
import io.timelog.internal.read.TimeOrderScan;
import io.timelog.internal.row.Direction;
import io.timelog.internal.row.Rule;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one table, of the present or of a snapshot: the difference is where a lease comes from.
 */
final class EngineReader implements TableReader {
  private final TableEngine table;
  private final Supplier<ReadLease> leases;

  EngineReader(TableEngine table, Supplier<ReadLease> leases) {
    this.table = table;
    this.leases = leases;
  }

  @Override
  public String name() {
    return table.name();
  }

  private Key key(byte[] bytes) {
    PartSize.require("key", bytes);
    return Key.of(bytes, table.keyGroups().groupOf(bytes, 0, bytes.length));
  }

  @Override
  public byte @Nullable [] get(byte[] key, long timestamp, byte[] subkey) {
    requireMap();
    Key sought = key(key);
    Span soughtSubkey = Span.of(subkey);
    try (ReadLease lease = leases.get()) {
      return PointRead.get(lease, sought, timestamp, soughtSubkey);
    }
  }

  @Override
  public boolean get(Span key, long timestamp, Span subkey, ByteTarget target) {
    requireMap();
    Key sought = table.newKey(key);
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(subkey, "subkey");
    try (ReadLease lease = leases.get()) {
      return PointRead.read(lease, sought, timestamp, subkey, target) != PointRead.ABSENT;
    }
  }

  @Override
  public int readBatch(Span key, BatchPosition position, EntryBatch batch) {
    Key sought = table.newKey(key);
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(batch, "batch");
    return BatchReads.read(leases.get(), table.rule(), sought, position, batch);
  }

  private void requireMap() {
    if (table.rule() != Rule.MAP) {
      throw new IllegalStateException(
          "get needs a map, and this table is a multimap: table=" + name());
    }
  }

  @Override
  public Cursor scan(byte[] key, TimeRange range) {
    Key sought = key(key);
    Objects.requireNonNull(range, "range");
    return KeyScan.open(leases.get(), table.rule(), sought, range, Direction.FORWARD);
  }

  @Override
  public Cursor scanBackward(byte[] key, TimeRange range) {
    Key sought = key(key);
    Objects.requireNonNull(range, "range");
    return KeyScan.open(leases.get(), table.rule(), sought, range, Direction.BACKWARD);
  }

  @Override
  public Cursor scanAll(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return timeOrder(range, Direction.FORWARD);
  }

  @Override
  public Cursor scanAllBackward(TimeRange range) {
    Objects.requireNonNull(range, "range");
    return timeOrder(range, Direction.BACKWARD);
  }

  private Cursor timeOrder(TimeRange range, Direction direction) {
    return new TimeOrderScan(leases.get(), table.rule(), table.keyGroups(), range, direction);
  }

  @Override
  public Cursor scanByKey(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new KeyOrderScan(
        leases.get(), table.rule(), KeyBounds.keys(firstKey, lastKey), range, Direction.FORWARD);
  }

  @Override
  public Cursor scanByKeyBackward(
      byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    Objects.requireNonNull(range, "range");
    return new KeyOrderScan(
        leases.get(), table.rule(), KeyBounds.keys(firstKey, lastKey), range, Direction.BACKWARD);
  }

  @Override
  public Cursor scanKeyGroups(int firstGroup, int lastGroup, TimeRange range) {
    return keyMajor(firstGroup, lastGroup, range, Direction.FORWARD);
  }

  @Override
  public Cursor scanKeyGroupsBackward(int firstGroup, int lastGroup, TimeRange range) {
    return keyMajor(firstGroup, lastGroup, range, Direction.BACKWARD);
  }

  private Cursor keyMajor(int firstGroup, int lastGroup, TimeRange range, Direction direction) {
    if (firstGroup < 0 || lastGroup < firstGroup) {
      throw new IllegalArgumentException(
          "A range of key groups must not be empty or negative: firstGroup="
              + firstGroup
              + ", lastGroup="
              + lastGroup);
    }
    return keyMajor(KeyBounds.groups(firstGroup, lastGroup), range, direction);
  }

  @Override
  public Cursor scanKeys(byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    return keyMajor(KeyBounds.keys(firstKey, lastKey), range, Direction.FORWARD);
  }

  @Override
  public Cursor scanKeysBackward(
      byte @Nullable [] firstKey, byte @Nullable [] lastKey, TimeRange range) {
    return keyMajor(KeyBounds.keys(firstKey, lastKey), range, Direction.BACKWARD);
  }

  private Cursor keyMajor(KeyBounds bounds, TimeRange range, Direction direction) {
    Objects.requireNonNull(range, "range");
    return KeyMajorScan.entries(leases.get(), table.rule(), bounds, range, direction);
  }

  @Override
  public Cursor keys(TimeRange range) {
    return keys(range, Direction.FORWARD);
  }

  @Override
  public Cursor keysBackward(TimeRange range) {
    return keys(range, Direction.BACKWARD);
  }

  private Cursor keys(TimeRange range, Direction direction) {
    Objects.requireNonNull(range, "range");
    return KeyMajorScan.keys(leases.get(), table.rule(), KeyBounds.all(), range, direction);
  }

  @Override
  public <V> PageSpans<V> pageSpans(byte[] key, TimeRange range, Codec<V> codec) {
    Key sought = key(key);
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(codec, "codec");
    if (table.rule() != Rule.MULTIMAP) {
      throw new IllegalStateException(
          "Page spans need a multimap, and this table is a map: table=" + name());
    }
    return new PageSpans<>(
        PageSlices.open(leases.get(), sought, range), new EncodedPayloads<>(codec, null));
  }

  @Override
  public long count(byte[] key, TimeRange range) {
    Key sought = key(key);
    Objects.requireNonNull(range, "range");
    if (table.rule() == Rule.MAP) {
      return KeyScan.open(leases.get(), table.rule(), sought, range, Direction.FORWARD)
          .countRemaining();
    }
    try (ReadLease lease = leases.get()) {
      return KeyCount.of(lease, sought, range);
    }
  }

  @Override
  public long liveEntries() {
    long count = 0;
    try (ReadLease lease = leases.get()) {
      for (PartitionWindow window : lease.view().windows()) {
        for (Source source : window.sources()) {
          count += source.entryCount();
        }
      }
    }
    return count;
  }

  @Override
  public OptionalLong minTimestamp() {
    return firstTimestamp(Direction.FORWARD);
  }

  @Override
  public OptionalLong maxTimestamp() {
    return firstTimestamp(Direction.BACKWARD);
  }

  private OptionalLong firstTimestamp(Direction direction) {
    try (ReadLease lease = leases.get()) {
      return TimeBounds.first(lease, table.rule(), TimeRange.all(), direction);
    }
  }
}
