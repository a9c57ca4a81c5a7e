package io.timelog.kafka.internal.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final long MINUTE = 60_000;

  @Test
  void atTheRetention_anEntryIsGone_unlessItIsYetToBeEmitted() {
    Retention onUpdate = new Retention(10, MINUTE, Expiry.AT_RETENTION);
    Retention onClose = new Retention(10, MINUTE, Expiry.AFTER_RETENTION);
    onUpdate.observe(100);
    onClose.observe(100);

    assertThat(onUpdate.oldestLive()).isEqualTo(91);
    assertThat(onClose.oldestLive()).isEqualTo(90);
    assertThat(onClose.oldestUnexpired()).isEqualTo(91);
  }

  @Test
  void memory_isGivenBackByPartitionWindow_andLaterWhereEntriesAreYetToBeEmitted() {
    Retention onUpdate = new Retention(10, MINUTE, Expiry.AT_RETENTION);
    Retention onClose = new Retention(10, MINUTE, Expiry.AFTER_RETENTION);
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
    Retention retention = new Retention(10, MINUTE, Expiry.AT_RETENTION);
    retention.observe(100);
    retention.observe(50);

    assertThat(retention.oldestLive()).isEqualTo(91);
  }

  @Test
  void longestRetention_keepsEverything() {
    long partition = Retention.partitionMillisFor(Long.MAX_VALUE);
    for (Expiry expiry : Expiry.values()) {
      Retention retention = new Retention(Long.MAX_VALUE, partition, expiry);
      retention.observe(Long.MAX_VALUE - 1);

      assertThat(retention.oldestLive()).isNotPositive();
      assertThat(retention.oldestKept()).isNotPositive();
    }
  }
}
