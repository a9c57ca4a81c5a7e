package io.timelog.internal.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.Cursor;
import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.internal.compaction.WindowMerger;
import io.timelog.internal.key.Key;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memtable.MemtableWindow;
import io.timelog.internal.memtable.PendingRow;
import io.timelog.internal.memtable.WriteMoment;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.RowCursor;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.MemoryStorage;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;

/** Sources of rows that are written by hand, for one test, and what it reads from them. */
final class HandMade implements AutoCloseable {
  /** So little that more than a few rows make a run of several segments. */
  private static final long MAX_SEGMENT_BYTES = 1_000;

  private final BufferPool budget = new BufferPool(64 << 20);
  private final MemoryAccount pool = new MemoryAccount(budget);
  private final MemoryStorage storage = new MemoryStorage(new MemoryAccount(budget));
  private final List<MemtableWindow> memtables = new ArrayList<>();
  private final Rule rule;
  private final KeyGroups groups;
  private int segments;

  HandMade(Rule rule) {
    this(rule, KeyGroups.NONE);
  }

  HandMade(Rule rule, KeyGroups groups) {
    this.rule = rule;
    this.groups = groups;
  }

  /** A window of the memtable that tombstones of {@code since} and later hide rows of. */
  Rows memtable(long first, long last, long since) {
    MemtableWindow window =
        new MemtableWindow(first, last, since, groups, WindowIndex.KEY, pool, null);
    memtables.add(window);
    return new Rows(window);
  }

  /** The rows of a source in a segment, with its tombstones. */
  Source segment(PartitionWindow window, Source from) {
    WindowMerger merger =
        new WindowMerger(
            storage, "t", 4096, WindowIndex.KEY, MAX_SEGMENT_BYTES, () -> "segment" + segments++);
    WindowMerger.Deletes none = new WindowMerger.Deletes(Tombstones.NONE, Long.MIN_VALUE, 0);
    return Source.level0(merger.copy(window, from, none), from.rangeReach());
  }

  /** Sources that follow one another, joined as if there were older ones. */
  Source joined(PartitionWindow window, List<Source> sources) {
    WindowMerger merger =
        new WindowMerger(
            storage, "t", 4096, WindowIndex.KEY, MAX_SEGMENT_BYTES, () -> "segment" + segments++);
    WindowMerger.Deletes none = new WindowMerger.Deletes(Tombstones.NONE, Long.MIN_VALUE, 0);
    long reach = sources.stream().mapToLong(Source::rangeReach).max().orElseThrow();
    return Source.level0(merger.join(window.withSources(sources), rule, none), reach);
  }

  Key key(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    return Key.of(bytes, groups.groupOf(bytes, 0, bytes.length));
  }

  static PartitionWindow window(long first, long last, Source... sources) {
    return new PartitionWindow(first, last, List.of(sources));
  }

  static TableView view(Tombstones deletes, PartitionWindow... windows) {
    return TableView.empty().withWindowsAndNeededOf(List.of(windows), deletes);
  }

  /** A lease on all that was written. */
  static ReadLease lease(TableView view, long floor) {
    ReadScope scope = new ReadScope();
    return new ReadLease() {
      @Override
      public TableView view() {
        return view;
      }

      @Override
      public long version() {
        return scope.version();
      }

      @Override
      public ReadScope scope() {
        return scope;
      }

      @Override
      public long floor() {
        return floor;
      }

      @Override
      public void close() {}
    };
  }

  /** The values of the rows, in their order. */
  List<String> values(RowCursor rows) {
    List<String> values = new ArrayList<>();
    while (rows != null && rows.advance()) {
      int end = rows.payloadOffset() + rows.payloadLength();
      int start =
          rule == Rule.MAP
              ? RowFormat.mapValueStart(rows.payload(), rows.payloadOffset())
              : rows.payloadOffset();
      byte[] bytes = new byte[end - start];
      rows.payload().get(start, bytes);
      values.add(new String(bytes, UTF_8));
    }
    return values;
  }

  /** Key, time and value of each entry, as {@code key@time=value}. */
  static List<String> entries(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.advance()) {
        entries.add(
            new String(cursor.key(), UTF_8)
                + "@"
                + cursor.timestamp()
                + "="
                + new String(cursor.value(), UTF_8));
      }
    }
    return entries;
  }

  @Override
  public void close() {
    memtables.forEach(MemtableWindow::free);
    storage.close();
  }

  /** Writes rows into a window. */
  final class Rows {
    private final MemtableWindow window;
    private final PendingRow row = new PendingRow();
    private final WriteMoment now = new WriteMoment();

    Rows(MemtableWindow window) {
      this.window = window;
      now.atVersion(window.baseVersion());
    }

    Rows append(String key, long time, String value) {
      byte[] bytes = value.getBytes(UTF_8);
      window.append(key(key), row.entry(time, bytes, 0, bytes.length), now);
      return this;
    }

    Rows put(String key, long time, String subkey, String value) {
      byte[] bytes = value.getBytes(UTF_8);
      window.put(
          key(key),
          row.mapEntry(time, Span.of(subkey.getBytes(UTF_8)), bytes, 0, bytes.length),
          now);
      return this;
    }

    Rows remove(String key, long time, String subkey) {
      window.put(key(key), row.pointTombstone(time, Span.of(subkey.getBytes(UTF_8))), now);
      return this;
    }

    Rows removeRange(String key, long first, long last) {
      window.appendRangeTombstone(rule, key(key), row.rangeTombstone(first, last), now);
      return this;
    }

    /** Takes out what a removal finds in the memtable itself. */
    Rows takeOut(String key, long first, long last) {
      window.removeRange(key(key), first, last, now);
      return this;
    }

    Source source() {
      return Source.active(window);
    }
  }
}
