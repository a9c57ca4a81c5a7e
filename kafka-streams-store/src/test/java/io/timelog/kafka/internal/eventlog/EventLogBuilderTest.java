package io.timelog.kafka.internal.eventlog;

import static io.timelog.kafka.internal.eventlog.EventLogFixture.eventLog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.kafka.TimelogStores;
import io.timelog.kafka.eventlog.EventLogStore;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.Test;

/** What the builder of an event-log store says to a topology. */
final class EventLogBuilderTest {
  @Test
  void changelog_isDeletedFromByAge_andKeepsEverythingWithoutARetention() {
    assertThat(eventLog().loggingEnabled()).isTrue();
    assertThat(eventLog().logConfig())
        .isEqualTo(Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
  }

  @Test
  void changelog_outlivesTheRetentionOfTheStoreByADay() {
    assertThat(eventLog().withRetention(Duration.ofDays(6)).logConfig())
        .containsEntry("retention.ms", "" + Duration.ofDays(7).toMillis());
    assertThat(eventLog().withRetention(Duration.ofMillis(Long.MAX_VALUE)).logConfig())
        .containsEntry("retention.ms", "-1");
  }

  @Test
  void settingsOfTheTopic_goBeforeThoseOfTheBuilder() {
    assertThat(
            eventLog()
                .withRetention(Duration.ofMillis(10))
                .withLoggingEnabled(Map.of("retention.ms", "20", "segment.bytes", "30"))
                .logConfig())
        .isEqualTo(Map.of("cleanup.policy", "delete", "retention.ms", "20", "segment.bytes", "30"));
  }

  @Test
  void compaction_isRefused() {
    assertThatThrownBy(
            () -> eventLog().withLoggingEnabled(Map.of("cleanup.policy", "compact,delete")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The changelog of an event-log store must not be compacted, it would lose entries:"
                + " cleanup.policy=compact,delete, store=events");
  }

  @Test
  void topicThatKeepsLessThanTheStore_isRefused() {
    assertThatThrownBy(
            () ->
                eventLog()
                    .withLoggingEnabled(Map.of("retention.ms", "1000"))
                    .withRetention(Duration.ofSeconds(2))
                    .logConfig())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The changelog topic must not keep less than its store: retention.ms=1000,"
                + " retention=PT2S, store=events");
  }

  @Test
  void storeWithoutLogging_hasNoSettingsForATopic() {
    assertThat(eventLog().withLoggingDisabled().loggingEnabled()).isFalse();
    assertThat(eventLog().withLoggingDisabled().logConfig()).isEmpty();
  }

  @Test
  void caching_isRefused() {
    assertThatThrownBy(() -> eventLog().withCachingEnabled())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "An event-log store has no cache, because no entry replaces another: store=events");
    assertThat(eventLog().withCachingDisabled().name()).isEqualTo("events");
  }

  @Test
  void retention_isAPositiveNumberOfMilliseconds() {
    assertThatThrownBy(() -> eventLog().withRetention(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retention must be at least a millisecond: retention=PT0S, store=events");
    assertThatThrownBy(() -> eventLog().withRetention(Duration.ofDays(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> eventLog().withRetention(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nameThatCouldNotBePartOfATopic_isRefused() {
    assertThatThrownBy(() -> TimelogStores.eventLogStore("../events", null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("store=../events");
    assertThatThrownBy(() -> TimelogStores.eventLogStore("e".repeat(300), null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("length=300");
  }

  @Test
  void store_isNoneOfKafkasKinds_soThatProcessorsAreGivenItself() {
    EventLogStore<String, String> store = eventLog().build();

    assertThat(store)
        .isNotInstanceOfAny(
            WindowStore.class,
            KeyValueStore.class,
            SessionStore.class,
            VersionedKeyValueStore.class);
  }
}
