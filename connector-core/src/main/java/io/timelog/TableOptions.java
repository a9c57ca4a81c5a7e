package io.timelog;

import io.timelog.internal.drop.RowDropListener;
import io.timelog.internal.engine.TableSettings;
import io.timelog.internal.engine.WindowGrid;
import io.timelog.internal.row.ByteCopy;
import io.timelog.internal.row.RowFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.segment.SegmentWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a table is like. Immutable; made by {@link #multimap} or {@link #map}. */
public final class TableOptions {
  private final String name;
  private final Rule rule;
  private final LateEntries lateEntries;
  private final KeyGroups keyGroups;
  private final Windows windows;
  private final WindowIndex index;
  private final @Nullable TableDropListener dropListener;
  private final @Nullable EntryFilter filter;

  private TableOptions(Builder builder) {
    name = builder.name;
    rule = builder.rule;
    lateEntries = builder.lateEntries;
    keyGroups = builder.keyGroups;
    windows = builder.windows;
    index = builder.index;
    dropListener = builder.dropListener;
    filter = builder.filter;
  }

  /**
   * A table in which any number of entries may have the same key and timestamp; they keep their
   * order of arrival.
   *
   * @throws IllegalArgumentException if the name is empty
   */
  public static Builder multimap(String name) {
    return new Builder(name, Rule.MULTIMAP);
  }

  /**
   * A table with one entry per key, timestamp and subkey; the last write wins.
   *
   * @throws IllegalArgumentException if the name is empty
   */
  public static Builder map(String name) {
    return new Builder(name, Rule.MAP);
  }

  /** The name of the table. */
  public String name() {
    return name;
  }

  /** Whether the table is a map; else it is a multimap. */
  public boolean isMap() {
    return rule == Rule.MAP;
  }

  /** What becomes of entries below the floor. */
  public LateEntries lateEntries() {
    return lateEntries;
  }

  /** How keys fall into key groups. */
  public KeyGroups keyGroups() {
    return keyGroups;
  }

  TableSettings settings() {
    return new TableSettings(
        name,
        rule,
        lateEntries,
        keyGroups,
        windows.grid(),
        index,
        rowListener(dropListener, rule),
        filter);
  }

  private static @Nullable RowDropListener rowListener(
      @Nullable TableDropListener listener, Rule rule) {
    if (listener == null) {
      return null;
    }
    return (key, keyOffset, keyLength, timestamp, payload, payloadOffset, payloadLength) -> {
      byte[] keyBytes = ByteCopy.read(key, keyOffset, keyLength);
      byte[] subkey = Table.NO_SUBKEY;
      int valueOffset = payloadOffset;
      if (rule == Rule.MAP) {
        int subkeyLength = RowFormat.getVarint(payload, payloadOffset);
        int subkeyOffset = payloadOffset + RowFormat.varintSize(subkeyLength);
        subkey = ByteCopy.read(payload, subkeyOffset, subkeyLength);
        valueOffset = subkeyOffset + subkeyLength;
      }
      byte[] value =
          ByteCopy.read(payload, valueOffset, payloadOffset + payloadLength - valueOffset);
      listener.onDrop(keyBytes, timestamp, subkey, value);
    };
  }

  /** How the table cuts time into partition windows. */
  private sealed interface Windows {
    WindowGrid grid();
  }

  private record AdaptiveWindows(WindowGrid.AutomaticWidth width) implements Windows {
    @Override
    public WindowGrid grid() {
      return WindowGrid.adaptive(width);
    }
  }

  private record UnboundedWindow() implements Windows {
    @Override
    public WindowGrid grid() {
      return WindowGrid.unbounded();
    }
  }

  private record DeclaredWindows(long size, long origin) implements Windows {
    @Override
    public WindowGrid grid() {
      return WindowGrid.declared(size, origin);
    }
  }

  /** Collects the options of a table; each setter checks its own value. */
  public static final class Builder {
    private final String name;
    private final Rule rule;
    private LateEntries lateEntries = LateEntries.ACCEPT;
    private KeyGroups keyGroups = KeyGroups.NONE;
    private Windows windows = new AdaptiveWindows(WindowGrid.AutomaticWidth.USUAL);
    private WindowIndex index = WindowIndex.KEY;
    private @Nullable TableDropListener dropListener;
    private @Nullable EntryFilter filter;

    private Builder(String name, Rule rule) {
      if (Objects.requireNonNull(name, "name").isEmpty()) {
        throw new IllegalArgumentException("A table must have a name that is not empty.");
      }
      this.name = name;
      this.rule = rule;
    }

    /** What becomes of entries below the floor. Default: {@link LateEntries#ACCEPT}. */
    public Builder lateEntries(LateEntries policy) {
      lateEntries = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** How keys fall into key groups. Default: {@link KeyGroups#NONE}. */
    public Builder keyGroups(KeyGroups groups) {
      keyGroups = Objects.requireNonNull(groups, "groups");
      return this;
    }

    /**
     * Cuts time into partition windows of {@code size} ticks, one of which starts at {@code
     * origin}. Default: the width follows the span of time that the table holds. Declare a width
     * where the order of {@link TableReader#scanByKey(TimeRange)} must follow a given grid. A table
     * with over {@value WindowGrid#MAX_DECLARED_WINDOWS} windows makes further ones wider.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    public Builder windowSize(long size, long origin) {
      if (size <= 0) {
        throw new IllegalArgumentException("A window size must be positive: windowSize=" + size);
      }
      windows = new DeclaredWindows(size, origin);
      return this;
    }

    /**
     * Has the width of partition windows follow the span of time that the table holds, as it does
     * by default, but so that there are about {@code perSpan} of them, at least half as many, and
     * none spans less than {@code leastSize} ticks. By default there are twelve, of any size. Few
     * windows make scans of a key cheap that has few entries, as each costs a lookup; many let
     * memory go sooner under {@link Table#deleteBefore}, and less is written anew when segments are
     * merged. A table that was imported makes its further windows as by default.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public Builder automaticWindows(int perSpan, long leastSize) {
      if (perSpan <= 0 || leastSize <= 0) {
        throw new IllegalArgumentException(
            "Number and size of windows must be positive: perSpan="
                + perSpan
                + ", leastSize="
                + leastSize);
      }
      windows = new AdaptiveWindows(new WindowGrid.AutomaticWidth(perSpan, leastSize));
      return this;
    }

    /** Keeps all of time in one partition window: for state that is not spread over time. */
    public Builder unbounded() {
      windows = new UnboundedWindow();
      return this;
    }

    /**
     * Keeps an index of time beside that of keys: for 8 bytes an entry in the memtable, and for 2
     * to 4 bytes, mostly under 3, in a segment. With it, a scan of all keys over a range that is
     * short against a partition window costs what it finds; without, it looks at every key of the
     * window. A segment that has tombstones, or over {@value SegmentWriter#MAX_TIME_INDEXED_ROWS}
     * rows, is still looked at as a whole. So is a window of the memtable that gave its index up
     * when memory was short, to get back what had been removed from it; the next window has one
     * again.
     */
    public Builder indexTime() {
      index = WindowIndex.KEY_AND_TIME;
      return this;
    }

    /**
     * Told of every entry that {@code deleteRange} or {@code deleteBefore} dropped. Default:
     * nobody.
     */
    public Builder dropListener(TableDropListener listener) {
      dropListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Asked which entries need not be kept when memtables are flushed and segments are merged.
     * Default: all are kept. With a filter, {@link TimelogStore#compact} writes all segments of the
     * table anew.
     */
    public Builder filter(EntryFilter entries) {
      filter = Objects.requireNonNull(entries, "entries");
      return this;
    }

    /** The options. */
    public TableOptions build() {
      return new TableOptions(this);
    }
  }
}
