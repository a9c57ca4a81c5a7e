package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TimeRange;
import java.util.ArrayList;
import java.util.List;

/** The entries of a table as text. */
final class Entries {
  private Entries() {}

  /** All entries by key: key, timestamp and value. */
  static List<String> read(Table table) {
    List<String> entries = new ArrayList<>();
    try (Cursor cursor = table.scanByKey(TimeRange.all())) {
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
}
