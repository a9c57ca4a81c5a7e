package io.timelog.kafka.internal.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final long MINUTE = 60_000;

  @Test
  void atTheRetention_anEntryIsGone_unlessItIsYetToBeEmitted() {
    Retention onUpdate = Retention.of(10, MINUTE, Expiry.AT_RETENTION);
    Retention onClose = Retention.of(10, MINUTE, Expiry.AFTER_RETENTION);
    onUpdate.observe(100);
    onClose.observe(100);

    assertThat(onUpdate.oldestLive()).isEqualTo(91);
    assertThat(onClose.oldestLive()).isEqualTo(90);
    assertThat(onClose.oldestUnexpired()).isEqualTo(91);
  }

  @Test
  void memory_isGivenBackByPartitionWindow_andLaterWhereEntriesAreYetToBeEmitted() {
    Retention onUpdate = Retention.of(10, MINUTE, Expiry.AT_RETENTION);
    Retention onClose = Retention.of(10, MINUTE, Expiry.AFTER_RETENTION);
    onClose.observe(2 * MINUTE);

    assertThat(onUpdate.observe(MINUTE + 8)).isTrue();
    assertThat(onUpdate.oldestKept()).isZero();
    assertThat(onUpdate.observe(MINUTE + 9)).isTrue();
    assertThat(onUpdate.oldestKept()).isEqualTo(MINUTE);
    assertThat(onClose.observe(2 * MINUTE + 9)).isFalse();
    assertThat(onClose.observe(2 * MINUTE + 10)).isTrue();
    assertThat(onClose.oldestKept()).isEqualTo(MINUTE);
  }

  @Test
  void streamTime_neverGoesBack() {
    Retention retention = Retention.of(10, MINUTE, Expiry.AT_RETENTION);
    retention.observe(100);
    retention.observe(50);

    assertThat(retention.oldestLive()).isEqualTo(91);
  }

  @Test
  void longestRetention_keepsEverything() {
    long partition = Retention.partitionMillisFor(Long.MAX_VALUE);
    for (Expiry expiry : Expiry.values()) {
      Retention retention = Retention.of(Long.MAX_VALUE, partition, expiry);
      retention.observe(Long.MAX_VALUE - 1);

      assertThat(retention.oldestLive()).isNotPositive();
      assertThat(retention.oldestKept()).isNotPositive();
    }
  }

  @Test
  void history_isKeptToTheRetentionItself() {
    Retention history = Retention.ofHistory(10);
    history.observe(100);

    assertThat(history.oldestLive()).isEqualTo(90);
    assertThat(history.admits(90)).isTrue();
    assertThat(history.admits(89)).isFalse();
  }

  @Test
  void events_mayLieAtAnyTime_andExpireOnceAnotherIsSoMuchNewer() {
    Retention events = Retention.ofEvents(10);
    assertThat(events.admits(Long.MIN_VALUE)).isTrue();
    events.observe(Long.MIN_VALUE + 5);
    assertThat(events.oldestLive()).isEqualTo(Long.MIN_VALUE);

    events.observe(100);
    assertThat(events.admits(91)).isTrue();
    assertThat(events.admits(90)).isFalse();
  }

  @Test
  void eventsThatAreKeptForEver_neverExpire() {
    Retention events = Retention.ofEvents(Retention.FOR_EVER);

    assertThat(events.observe(Long.MAX_VALUE)).isFalse();
    assertThat(events.admits(Long.MIN_VALUE)).isTrue();
  }
}
