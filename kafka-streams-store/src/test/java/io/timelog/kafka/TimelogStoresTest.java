package io.timelog.kafka;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedBytesStore;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimelogStoresTest {
  @Test
  void supplier_tellsWhatItWasAskedFor() {
    WindowBytesStoreSupplier supplier = TimelogStores.windowStore("w", ofHours(8), ofHours(1));

    assertThat(supplier.name()).isEqualTo("w");
    assertThat(supplier.retentionPeriod()).isEqualTo(8 * 3_600_000);
    assertThat(supplier.windowSize()).isEqualTo(3_600_000);
    assertThat(supplier.retainDuplicates()).isFalse();
    assertThat(supplier.metricsScope()).isEqualTo("timelog-window");
  }

  /** Kafka's cache takes a step for each segment of a scan. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10_000, 119_999, 120_002, 900_000, 28_800_001})
  void segment_isAsLongAsThatOfKafkasOwnStores(long retentionMillis) {
    Duration retention = Duration.ofMillis(retentionMillis);

    assertThat(TimelogStores.windowStore("w", retention, ZERO).segmentIntervalMs())
        .isEqualTo(Stores.persistentWindowStore("w", retention, ZERO, false).segmentIntervalMs());
    assertThat(TimelogStores.sessionStore("s", retention).segmentIntervalMs())
        .isEqualTo(Stores.persistentSessionStore("s", retention).segmentIntervalMs());
  }

  @Test
  void supplier_givesEveryTaskItsOwnStore() {
    WindowBytesStoreSupplier supplier = TimelogStores.windowStore("w", ofHours(8), ofHours(1));

    assertThat(supplier.get()).isNotSameAs(supplier.get());
  }

  @Test
  void format_isToldByTheTypeOfTheStore() {
    assertThat(TimelogStores.timestampedWindowStore("w", ofHours(2), ofHours(1)).get())
        .isInstanceOf(TimestampedBytesStore.class);
    assertThat(TimelogStores.windowStore("w", ofHours(2), ofHours(1)).get())
        .isNotInstanceOf(TimestampedBytesStore.class);
    assertThat(TimelogStores.windowStore("w", ofHours(2), ofHours(1)).retainingDuplicates())
        .matches(WindowBytesStoreSupplier::retainDuplicates);
  }

  @Test
  void windowSize_mustNotExceedRetention() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.windowStore("w", ofHours(1), ofHours(2)))
        .withMessage(
            "windowSize must not exceed retention: windowSize=PT2H, retention=PT1H, store=w");
  }

  @Test
  void durations_mustBeMillisecondsFromZeroOn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.windowStore("w", ofMillis(-1), ofMillis(-1)))
        .withMessage("retention must not be negative: retention=PT-0.001S, store=w");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.windowStore("w", ofSeconds(Long.MAX_VALUE), ofHours(1)))
        .withMessage(
            "retention must be a number of milliseconds: retention=PT2562047788015215H30M7S,"
                + " store=w");
    assertThat(TimelogStores.windowStore("w", ofMillis(0), ofMillis(0)).windowSize()).isZero();
  }

  @Test
  void durations_mustBeWholeMilliseconds() {
    Duration tooFine = ofMillis(10).plusNanos(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.windowStore("w", tooFine, ofMillis(1)))
        .withMessage(
            "retention must be a number of milliseconds: retention=PT0.010000001S, store=w");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.windowStore("w", ofMillis(1), Duration.ofNanos(999_999)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.sessionStore("s", Duration.ofNanos(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.versionedKeyValueStore("v", tooFine));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogStores.eventLogStore("e", null, null).withRetention(tooFine));
  }

  @Test
  void name_isNeeded() {
    assertThatNullPointerException()
        .isThrownBy(() -> TimelogStores.windowStore(null, ofHours(2), ofHours(1)))
        .withMessage("name");
  }
}
