package io.timelog.durability;

import io.timelog.Cursor;
import io.timelog.Table;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that can be read from a store: of each table its floor and its entries, those of one place in
 * their order.
 *
 * @param token the token that is found with it
 */
record Contents(String token, SortedMap<String, Map<String, List<String>>> tables) {
  /** What {@link #token} is where nothing was committed. */
  static final String NO_TOKEN = "none";

  /** A store in which nothing was ever committed. */
  static final Contents EMPTY = new Contents(NO_TOKEN, new TreeMap<>());

  /** What a store has, with the token that was committed last. */
  static Contents of(TimelogStore store) {
    return of(
        store,
        store
            .committedToken()
            .map(token -> new String(token, StandardCharsets.UTF_8))
            .orElse(NO_TOKEN));
  }

  /** What a store has, with a token that is to be committed. */
  static Contents of(TimelogStore store, String token) {
    SortedMap<String, Map<String, List<String>>> tables = new TreeMap<>();
    for (String name : new TreeSet<>(store.tables())) {
      tables.put(name, of(store.table(name)));
    }
    return new Contents(token, tables);
  }

  private static Map<String, List<String>> of(Table table) {
    boolean hasSubkeys = StoreScript.isMap(table.name());
    Map<String, List<String>> entries = new TreeMap<>();
    entries.put("floor", List.of(Long.toString(table.floor())));
    try (Cursor cursor = table.scanByKey(TimeRange.all())) {
      while (cursor.advance()) {
        String place = text(cursor.key()) + "@" + cursor.timestamp();
        if (hasSubkeys) {
          place += "/" + text(cursor.subkey());
        }
        entries.computeIfAbsent(place, of -> new ArrayList<>()).add(text(cursor.value()));
      }
    }
    return entries;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
