package io.timelog.kafka.internal.versioned;

import static io.timelog.kafka.internal.versioned.VersionedStoreFixture.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.kafka.TimelogStores;
import java.time.Duration;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/**
 * Where the versioned store of Kafka Streams does not do what its interface says. The documents
 * tell users of it; where a test fails, Kafka has mended its store, and they need not be told any
 * more.
 */
final class KafkasVersionedStoreTest {
  private static final Duration RETENTION = Duration.ofMinutes(8);
  private static final long SEGMENT = 60_000;

  private static VersionedStoreFixture kafkas() {
    return new VersionedStoreFixture(
        Stores.persistentVersionedKeyValueStore(NAME, RETENTION, Duration.ofMillis(SEGMENT)));
  }

  private static VersionedStoreFixture ours() {
    return new VersionedStoreFixture(TimelogStores.versionedKeyValueStore(NAME, RETENTION));
  }

  @Test
  void versionThatEndsInALaterSegmentThanTheRange_isNotFound() {
    try (VersionedStoreFixture kafkas = kafkas();
        VersionedStoreFixture ours = ours()) {
      for (VersionedStoreFixture store : new VersionedStoreFixture[] {kafkas, ours}) {
        store.put("a", "one", 10);
        store.put("a", "two", 3 * SEGMENT);
      }

      assertThat(ours.versions("a", 0, 100)).containsExactly("10-180000=one");
      assertThat(kafkas.versions("a", 0, 100)).isEmpty();
      assertThat(kafkas.get("a", 100)).isEqualTo("10=one");
    }
  }

  @Test
  void tombstoneAtTheTimeOfTheLatestVersion_isForgotten() {
    try (VersionedStoreFixture kafkas = kafkas();
        VersionedStoreFixture ours = ours()) {
      for (VersionedStoreFixture store : new VersionedStoreFixture[] {kafkas, ours}) {
        store.put("a", "one", 10);
        store.put("a", null, 10);
        store.put("a", "late", 5);
      }

      assertThat(ours.get("a")).isNull();
      assertThat(ours.get("a", 7)).isEqualTo("5=late");
      assertThat(kafkas.get("a")).isEqualTo("5=late");
    }
  }
}
