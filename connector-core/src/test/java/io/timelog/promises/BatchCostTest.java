package io.timelog.promises;

import io.timelog.BatchPosition;
import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A read in batches costs about what one pass costs, however many entries one timestamp has. */
@Timeout(240)
@Isolated("costs are measured, and caches are shared")
final class BatchCostTest {
  private static final Span KEY = Span.of(Samples.key("key"));
  private static final int ENTRIES = 8_000;

  /** What lies at one timestamp. */
  enum Kind {
    SUBKEYS,
    SUBKEYS_IN_SEGMENTS,
    LIKE_VALUES,
    LIKE_VALUES_IN_SEGMENTS
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void batches_costTheSame_amongManyEntries(Kind kind) {
    CpuTime.assertGrowthBelow(3, ENTRIES, entries -> perEntry(kind, entries));
  }

  private static double perEntry(Kind kind, int entries) {
    boolean map = kind == Kind.SUBKEYS || kind == Kind.SUBKEYS_IN_SEGMENTS;
    try (TimelogStore store = TimelogStore.builder().build()) {
      TableOptions.Builder options = map ? TableOptions.map("t") : TableOptions.multimap("t");
      Table table = store.createTable(options.unbounded().build());
      Span subkey = new Span();
      Span value = Span.of(new byte[16]);
      IntConsumer write =
          map
              ? i -> table.writer().put(KEY, 0, subkey.set(Samples.key(i)), value)
              : i -> table.writer().append(KEY, 0, value);
      for (int i = 0; i < entries; i++) {
        write.accept(i);
      }
      if (kind == Kind.SUBKEYS_IN_SEGMENTS || kind == Kind.LIKE_VALUES_IN_SEGMENTS) {
        store.flush();
      }
      EntryBatch batch = new EntryBatch(128, 64 << 10);
      BatchPosition position = new BatchPosition().begin(TimeRange.all());
      return CpuTime.perOperation(
          entries,
          () -> {
            while (table.readBatch(KEY, position, batch) > 0) {
              position.isExhausted();
            }
          });
    }
  }
}
