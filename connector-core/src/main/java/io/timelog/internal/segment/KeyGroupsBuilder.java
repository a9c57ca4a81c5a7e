package io.timelog.internal.segment;

import io.timelog.internal.format.v1.KeyGroupFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects where the keys of each key group begin, in key order. */
final class KeyGroupsBuilder {
  private record Entry(int group, int page, int ordinal, int firstKey) {}

  private final List<Entry> entries = new ArrayList<>();
  private int keyCount;

  /** Adds the next key, which starts at this place. */
  void add(int group, int page, int ordinal) {
    if (entries.isEmpty() || entries.get(entries.size() - 1).group != group) {
      entries.add(new Entry(group, page, ordinal, keyCount));
    }
    keyCount++;
  }

  /** Key groups so far. */
  int groupCount() {
    return entries.size();
  }

  /** The key groups as bytes, from 0 to the limit. */
  ByteBuffer encode() {
    ByteBuffer groups = KeyGroupFormat.allocate(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      int end = i + 1 < entries.size() ? entries.get(i + 1).firstKey : keyCount;
      KeyGroupFormat.put(groups, i, entry.group, entry.page, entry.ordinal, end - entry.firstKey);
    }
    return groups;
  }
}
