package io.timelog.kafka.internal.session;

import io.timelog.kafka.internal.expiry.ExpiringSettings;
import io.timelog.kafka.internal.expiry.Expiry;
import io.timelog.kafka.internal.expiry.RetentionSettings;
import io.timelog.kafka.internal.host.Millis;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.host.StoreName;
import java.time.Duration;

/**
 * All that is to be said of a session store before there is one.
 *
 * @param name the name of the store
 * @param retentionMillis how far a session may end behind stream time and still be kept
 * @param format what the bytes of an aggregate are
 * @param kind what Kafka Streams is told
 * @param expiry what becomes of a session exactly at the retention
 */
record SessionStoreSettings(
    String name, long retentionMillis, AggregateFormat format, StoreKind kind, Expiry expiry)
    implements ExpiringSettings {
  static SessionStoreSettings of(String name, Duration retention, AggregateFormat format) {
    StoreName.checked(name);
    return new SessionStoreSettings(
        name,
        Millis.of("retention", retention, name),
        format,
        StoreKind.PERSISTENT,
        Expiry.AT_RETENTION);
  }

  SessionStoreSettings with(StoreKind other) {
    return new SessionStoreSettings(name, retentionMillis, format, other, expiry);
  }

  SessionStoreSettings with(Expiry other) {
    return new SessionStoreSettings(name, retentionMillis, format, kind, other);
  }

  @Override
  public RetentionSettings retention() {
    return RetentionSettings.of(retentionMillis, expiry);
  }
}
