package io.timelog.kafka.internal.window;

import io.timelog.kafka.internal.expiry.ExpiringSettings;
import io.timelog.kafka.internal.expiry.Expiry;
import io.timelog.kafka.internal.expiry.RetentionSettings;
import io.timelog.kafka.internal.host.Millis;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.host.StoreName;
import java.time.Duration;

/**
 * All that is to be said of a window store before there is one.
 *
 * @param name the name of the store
 * @param retentionMillis how far a window may start behind stream time and still be kept
 * @param windowSizeMillis the length of a window
 * @param duplicates what becomes of values with equal key and start
 * @param format what the bytes of a value are
 * @param kind what Kafka Streams is told
 * @param expiry what becomes of a window exactly at the retention
 */
record WindowStoreSettings(
    String name,
    long retentionMillis,
    long windowSizeMillis,
    Duplicates duplicates,
    ValueFormat format,
    StoreKind kind,
    Expiry expiry)
    implements ExpiringSettings {
  static WindowStoreSettings of(
      String name, Duration retention, Duration windowSize, ValueFormat format) {
    StoreName.checked(name);
    long retentionMillis = Millis.of("retention", retention, name);
    long windowSizeMillis = Millis.of("windowSize", windowSize, name);
    if (windowSizeMillis > retentionMillis) {
      throw new IllegalArgumentException(
          "windowSize must not exceed retention: windowSize="
              + windowSize
              + ", retention="
              + retention
              + ", store="
              + name);
    }
    return new WindowStoreSettings(
        name,
        retentionMillis,
        windowSizeMillis,
        Duplicates.REPLACED,
        format,
        StoreKind.PERSISTENT,
        Expiry.AT_RETENTION);
  }

  WindowStoreSettings with(Duplicates other) {
    return new WindowStoreSettings(
        name, retentionMillis, windowSizeMillis, other, format, kind, expiry);
  }

  WindowStoreSettings with(StoreKind other) {
    return new WindowStoreSettings(
        name, retentionMillis, windowSizeMillis, duplicates, format, other, expiry);
  }

  WindowStoreSettings with(Expiry other) {
    return new WindowStoreSettings(
        name, retentionMillis, windowSizeMillis, duplicates, format, kind, other);
  }

  /**
   * In which order scans of several keys give their windows. An aggregation that emits on close
   * forwards windows as it finds them, and windows that go before older ones make those late.
   */
  ScanOrder scanOrder() {
    return expiry == Expiry.AT_RETENTION ? ScanOrder.KEY_IN_SEGMENT : ScanOrder.START;
  }

  /**
   * How long windows are kept. Kafka's cache orders windows by their keys inside a segment; where
   * the store goes by start, a segment is so short that the cache does, too.
   */
  @Override
  public RetentionSettings retention() {
    return switch (scanOrder()) {
      case KEY_IN_SEGMENT -> RetentionSettings.of(retentionMillis, expiry);
      case START -> new RetentionSettings(retentionMillis, 1, expiry);
    };
  }

  /**
   * What Kafka Streams is told of how long the entries live. In a persistent store, Kafka's cache
   * steps through all segments of a range, which are too many where a segment is a millisecond.
   */
  StoreKind toldKind() {
    return scanOrder() == ScanOrder.START ? StoreKind.IN_MEMORY : kind;
  }
}
