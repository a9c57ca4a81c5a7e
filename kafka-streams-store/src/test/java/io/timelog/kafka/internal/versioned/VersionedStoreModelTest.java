package io.timelog.kafka.internal.versioned;

import static org.apache.kafka.streams.state.VersionedKeyValueStore.PUT_RETURN_CODE_NOT_PUT;
import static org.apache.kafka.streams.state.VersionedKeyValueStore.PUT_RETURN_CODE_VALID_TO_UNDEFINED;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on our store, on Kafka's, and on sorted maps of timestamps. Rerun one case with
 * {@code -Dseed=<seed>}.
 */
final class VersionedStoreModelTest {
  private static final Duration RETENTION = Duration.ofMinutes(10);
  private static final int OPERATIONS = 3_000;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, 10) : LongStream.of(seed);
  }

  private static VersionedStoreFixture ours() {
    return new VersionedStoreFixture(
        TimelogStores.versionedKeyValueStore(VersionedStoreFixture.NAME, RETENTION));
  }

  private static VersionedStoreFixture kafkas() {
    return new VersionedStoreFixture(
        Stores.persistentVersionedKeyValueStore(VersionedStoreFixture.NAME, RETENTION));
  }

  private record Put(String key, String value, long timestamp) {}

  /** Some late, some too late, some at the same time as another, a third of them tombstones. */
  private static List<Put> puts(Random random, long tombstoneOffset) {
    List<Put> puts = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      now += random.nextInt(1_500);
      long behind =
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt((int) RETENTION.toMillis() + 60_000);
            case 1 -> random.nextInt(5_000);
            default -> 0;
          };
      // Rounded, so that timestamps meet.
      long timestamp = Math.max(0, now - behind) / 500 * 500;
      String value = random.nextInt(3) == 0 ? null : random.nextInt(20) == 0 ? "" : "value" + i;
      puts.add(
          new Put(
              "key" + random.nextInt(5),
              value,
              value == null ? timestamp + tombstoneOffset : timestamp));
    }
    return puts;
  }

  /** What is to be known of the versions of all keys. */
  private static final class Timelines {
    private final Map<String, NavigableMap<Long, Optional<String>>> keys = new HashMap<>();
    private long streamTime = -1;

    private NavigableMap<Long, Optional<String>> of(String key) {
      return keys.computeIfAbsent(key, absent -> new TreeMap<>());
    }

    long put(Put put) {
      if (put.timestamp() < streamTime - RETENTION.toMillis()) {
        return PUT_RETURN_CODE_NOT_PUT;
      }
      streamTime = Math.max(streamTime, put.timestamp());
      NavigableMap<Long, Optional<String>> versions = of(put.key());
      versions.put(put.timestamp(), Optional.ofNullable(put.value()));
      Long next = versions.higherKey(put.timestamp());
      return next == null ? PUT_RETURN_CODE_VALID_TO_UNDEFINED : next;
    }

    String get(String key, long asOf) {
      NavigableMap<Long, Optional<String>> versions = of(key);
      Map.Entry<Long, Optional<String>> version = versions.floorEntry(asOf);
      if (version == null
          || version.getValue().isEmpty()
          || (asOf < streamTime - RETENTION.toMillis()
              && versions.higherKey(version.getKey()) != null)) {
        return null;
      }
      return version.getKey() + "=" + version.getValue().get();
    }

    List<String> versions(String key, long from, long to) {
      NavigableMap<Long, Optional<String>> versions = of(key);
      long oldest = Math.max(from, streamTime - RETENTION.toMillis());
      List<String> found = new ArrayList<>();
      versions
          .descendingMap()
          .forEach(
              (timestamp, value) -> {
                Long end = versions.higherKey(timestamp);
                boolean isInHistory =
                    end == null || (end > oldest && to >= streamTime - RETENTION.toMillis());
                if (value.isPresent() && timestamp <= to && isInHistory) {
                  found.add(timestamp + "-" + (end == null ? "" : end) + "=" + value.get());
                }
              });
      return found;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void store_keepsEveryVersion(long seed) {
    Random random = new Random(seed);
    Timelines timelines = new Timelines();
    try (VersionedStoreFixture store = ours()) {
      for (Put put : puts(random, 0)) {
        assertThat(store.put(put.key(), put.value(), put.timestamp()))
            .as("%s", put)
            .isEqualTo(timelines.put(put));
        assertThat(store.get(put.key())).isEqualTo(timelines.get(put.key(), Long.MAX_VALUE));
        if (random.nextInt(5) == 0) {
          long asOf =
              timelines.streamTime + 5_000 - random.nextInt((int) RETENTION.toMillis() + 120_000);
          long from = asOf - random.nextInt(120_000);
          assertThat(store.get(put.key(), asOf)).isEqualTo(timelines.get(put.key(), asOf));
          List<String> versions = timelines.versions(put.key(), from, asOf);
          assertThat(store.versions(put.key(), from, asOf))
              .as("%s from %s to %s", put.key(), from, asOf)
              .isEqualTo(versions);
          Collections.reverse(versions);
          assertThat(store.versionsAscending(put.key(), from, asOf)).isEqualTo(versions);
        }
      }
    }
  }

  /*
   * Kafka's store forgets a tombstone that takes the place of the latest version at the very same time,
   * so no tombstone does that here.
   */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void store_keepsWhatKafkasStoreKeeps(long seed) {
    Random random = new Random(seed);
    try (VersionedStoreFixture ours = ours();
        VersionedStoreFixture kafkas = kafkas()) {
      long streamTime = 0;
      for (Put put : puts(random, 250)) {
        streamTime = Math.max(streamTime, put.timestamp());
        if (put.value() == null && random.nextBoolean()) {
          assertThat(ours.delete(put.key(), put.timestamp()))
              .as("%s", put)
              .isEqualTo(kafkas.delete(put.key(), put.timestamp()));
        } else {
          assertThat(ours.put(put.key(), put.value(), put.timestamp()))
              .as("%s", put)
              .isEqualTo(kafkas.put(put.key(), put.value(), put.timestamp()));
        }
        assertThat(ours.get(put.key())).as("%s", put).isEqualTo(kafkas.get(put.key()));
        if (random.nextInt(10) == 0) {
          assertSameHistory(random, streamTime, ours, kafkas);
        }
      }
      assertThat(ours.droppedRecords()).isPositive().isEqualTo(kafkas.droppedRecords());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void restoredStore_answersLikeTheOneThatWasWritten(long seed) {
    Random random = new Random(seed);
    try (VersionedStoreFixture written = ours();
        VersionedStoreFixture restored = ours();
        VersionedStoreFixture kafkas = kafkas()) {
      List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
      long streamTime = 0;
      for (Put put : puts(random, 250)) {
        streamTime = Math.max(streamTime, put.timestamp());
        written.put(put.key(), put.value(), put.timestamp());
        batch.add(VersionedStoreFixture.changelogRecord(put.key(), put.value(), put.timestamp()));
        if (random.nextInt(500) == 0) {
          restored.restore(batch);
          kafkas.restore(batch);
          batch.clear();
        }
      }
      restored.restore(batch);
      kafkas.restore(batch);
      for (int i = 0; i < 100; i++) {
        assertSameHistory(random, streamTime, restored, written);
        assertSameHistory(random, streamTime, restored, kafkas);
      }
    }
  }

  private static void assertSameHistory(
      Random random, long streamTime, VersionedStoreFixture ours, VersionedStoreFixture others) {
    String key = "key" + random.nextInt(5);
    long asOf = streamTime + 5_000 - random.nextInt((int) RETENTION.toMillis() + 120_000);
    assertThat(ours.get(key, asOf)).as("%s as of %s", key, asOf).isEqualTo(others.get(key, asOf));
    assertThat(ours.query(key, Optional.of(asOf))).isEqualTo(others.query(key, Optional.of(asOf)));
    assertThat(ours.query(key, Optional.empty())).isEqualTo(others.query(key, Optional.empty()));

    // Kafka's store shows as much of an expired history as happens to be there still.
    long oldest = streamTime - RETENTION.toMillis();
    long from = asOf < oldest ? asOf - 1_000 : asOf - random.nextInt((int) (asOf - oldest) + 1);
    List<String> versions = ours.versions(key, from, asOf);
    assertThat(versions)
        .as("%s from %s to %s", key, from, asOf)
        .isEqualTo(
            asOf < oldest
                ? others.versions(key, from, asOf)
                : notBeginningAfter(asOf, others.versions(key, from, streamTime + 1_000_000)));
    Collections.reverse(versions);
    assertThat(ours.versionsAscending(key, from, asOf)).isEqualTo(versions);
  }

  /**
   * Kafka's store does not find a version that began in time and ended in a later segment than the
   * range, so it is asked for more and the rest is taken away here.
   */
  private static List<String> notBeginningAfter(long time, List<String> versions) {
    return new ArrayList<>(
        versions.stream()
            .filter(version -> Long.parseLong(version.substring(0, version.indexOf('-'))) <= time)
            .toList());
  }
}
