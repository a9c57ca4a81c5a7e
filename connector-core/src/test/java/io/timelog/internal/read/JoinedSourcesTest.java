package io.timelog.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.ReadScope;
import io.timelog.internal.row.Rule;
import io.timelog.internal.tombstone.Tombstones;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources that are joined hide in older ones, and show of their own, what they did apart. */
final class JoinedSourcesTest {
  private static final long LAST = 40;
  private static final int KEYS = 3;

  @ParameterizedTest
  @EnumSource
  void joinedSources_readLikeTheSourcesApart(Rule rule) {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      try (HandMade made = new HandMade(rule)) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          sources.add(random(made, rule, random, i));
        }
        int from = 1 + random.nextInt(2);
        int to = 3 + random.nextInt(3);
        PartitionWindow apart = HandMade.window(0, LAST, sources.toArray(Source[]::new));
        List<Source> fewer = new ArrayList<>(sources.subList(0, from));
        fewer.add(made.joined(apart, sources.subList(from, to)));
        fewer.addAll(sources.subList(to, sources.size()));

        assertThat(read(made, rule, apart.withSources(fewer)))
            .as("round %d, sources %d to %d", round, from, to)
            .isEqualTo(read(made, rule, apart));
      }
    }
  }

  @Test
  void ofRangeTombstonesThatBeginTogether_theLongestIsKept() {
    try (HandMade map = new HandMade(Rule.MAP)) {
      Source oldest = map.memtable(0, LAST, 1).put("k0", 30, "x", "hidden").source();
      Source longer = map.memtable(0, LAST, 1).removeRange("k0", 5, 35).source();
      Source shorter = map.memtable(0, LAST, 1).removeRange("k0", 5, 8).source();
      PartitionWindow window = HandMade.window(0, LAST, oldest, longer, shorter);

      Source joined = map.joined(window, List.of(longer, shorter));

      assertThat(joined.rowCount()).isOne();
      assertThat(read(map, Rule.MAP, window.withSources(List.of(oldest, joined)))).isEmpty();
    }
  }

  private static Source random(HandMade made, Rule rule, Random random, int source) {
    HandMade.Rows rows = made.memtable(0, LAST, 1);
    for (int i = 0; i < 12; i++) {
      String key = "k" + random.nextInt(KEYS);
      long time = random.nextInt((int) LAST);
      if (random.nextInt(5) == 0) {
        rows.removeRange(key, time, Math.min(LAST, time + random.nextInt(9)));
      } else if (rule == Rule.MULTIMAP) {
        rows.append(key, time, source + "." + i);
      } else if (random.nextInt(4) == 0) {
        rows.remove(key, time, "s" + random.nextInt(2));
      } else {
        rows.put(key, time, "s" + random.nextInt(2), source + "." + i);
      }
    }
    return rows.source();
  }

  private static List<String> read(HandMade made, Rule rule, PartitionWindow window) {
    List<String> read = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (int key = 0; key < KEYS; key++) {
        WindowRows rows = new WindowRows(rule, Tombstones.NONE, new ReadScope(), direction);
        read.addAll(made.values(rows.find(window, null, made.key("k" + key), 0, LAST)));
      }
    }
    return read;
  }
}
