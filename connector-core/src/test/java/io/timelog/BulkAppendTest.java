package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch is as good as its entries one by one, whatever way it takes into the memtable. */
final class BulkAppendTest {
  @RegisterExtension private final OpenLogs logs = new OpenLogs();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void batches_giveWhatSingleAppendsGive(long seed) {
    Random random = new Random(seed);
    Timelog<String> batched = log();
    Timelog<String> single = log();
    long now = 0;
    for (int batch = 0; batch < 60; batch++) {
      List<Entry<String>> entries = new ArrayList<>();
      boolean alike = random.nextBoolean();
      for (int i = random.nextInt(200); i > 0; i--) {
        now += random.nextInt(3);
        long timestamp = random.nextInt(20) == 0 ? now - random.nextInt(50) : now;
        entries.add(new Entry<>(timestamp, alike ? "same" : "x".repeat(random.nextInt(80))));
      }
      try (EntryIterator<Entry<String>> before = batched.iterator()) {
        int size = List.copyOf(drain(single)).size();
        batched.extend(entries);
        assertThat(count(before)).isEqualTo(size);
      }
      entries.forEach(entry -> single.append(entry.timestamp(), entry.value()));
      if (random.nextInt(4) == 0) {
        long first = now - random.nextInt(100);
        long end = first + random.nextInt(200);
        batched.deleteRange(first, end);
        single.deleteRange(first, end);
      }
    }
    assertThat(drain(batched)).isEqualTo(drain(single));
  }

  @Test
  void batchThatCrossesADeletedRange_livesAsAWhole() {
    Timelog<String> log = log();
    log.append(5, "before");
    log.append(25, "deleted");
    log.deleteRange(20, 30);

    log.extend(
        List.of(new Entry<>(6, "value1"), new Entry<>(24, "value2"), new Entry<>(40, "value3")));

    assertThat(drain(log))
        .extracting(Entry::value)
        .containsExactly("before", "value1", "value2", "value3");
  }

  private Timelog<String> log() {
    return logs.open(Timelog.builder(Codecs.utf8()).windowSize(64));
  }

  private static <V> List<Entry<V>> drain(Timelog<V> log) {
    return log.all().toList();
  }

  private static int count(EntryIterator<?> entries) {
    int count = 0;
    while (entries.hasNext()) {
      entries.next();
      count++;
    }
    return count;
  }
}
