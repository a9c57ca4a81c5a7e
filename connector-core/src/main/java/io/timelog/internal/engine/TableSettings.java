package io.timelog.internal.engine;

import io.timelog.EntryFilter;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.internal.drop.RowDropListener;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one table, already validated by the public builders.
 *
 * @param index what entries are found by
 * @param dropListener told of every entry that a delete over all keys dropped; null for nobody
 * @param filter says which entries need not be written again; null for none
 */
public record TableSettings(
    String name,
    Rule rule,
    LateEntries lateEntries,
    KeyGroups keyGroups,
    WindowGrid grid,
    WindowIndex index,
    @Nullable RowDropListener dropListener,
    @Nullable EntryFilter filter) {
  /** What the rows mean and where they lie. */
  public TableShape shape() {
    return new TableShape(name, rule, lateEntries, keyGroups, index, grid.shape());
  }

  /** A table of this shape without a drop listener. */
  public static TableSettings of(TableShape shape) {
    return new TableSettings(
        shape.name(),
        shape.rule(),
        shape.lateEntries(),
        shape.keyGroups(),
        WindowGrid.of(shape.grid()),
        shape.index(),
        null,
        null);
  }
}
