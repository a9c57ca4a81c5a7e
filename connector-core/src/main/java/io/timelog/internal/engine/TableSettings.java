package io.timelog.internal.engine;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.internal.drop.RowDropListener;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one table, already validated by the public builders.
 *
 * @param index what entries are found by
 * @param dropListener told of every entry that a delete over all keys dropped; null for nobody
 */
public record TableSettings(
    String name,
    Rule rule,
    LateEntries lateEntries,
    KeyGroups keyGroups,
    WindowGrid grid,
    WindowIndex index,
    @Nullable RowDropListener dropListener) {}
