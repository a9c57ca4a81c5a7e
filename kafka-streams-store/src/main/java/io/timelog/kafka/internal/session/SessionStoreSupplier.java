package io.timelog.kafka.internal.session;

import io.timelog.kafka.TimelogSessionStoreSupplier;
import io.timelog.kafka.internal.expiry.ExpiringSupplier;
import io.timelog.kafka.internal.expiry.Expiry;
import io.timelog.kafka.internal.host.StoreKind;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.HeadersBytesStoreSupplier;
import org.apache.kafka.streams.state.SessionStore;

/** Makes session stores. Immutable. */
public sealed class SessionStoreSupplier extends ExpiringSupplier<SessionStoreSettings>
    implements TimelogSessionStoreSupplier {
  private SessionStoreSupplier(SessionStoreSettings settings) {
    super(settings);
  }

  /**
   * Checks and converts what a user says.
   *
   * @throws IllegalArgumentException if the name is empty, too long or a path, or the duration is
   *     negative or not a number of milliseconds
   */
  public static SessionStoreSupplier of(String name, Duration retention, AggregateFormat format) {
    return of(SessionStoreSettings.of(name, retention, format));
  }

  private static SessionStoreSupplier of(SessionStoreSettings settings) {
    return settings.format() == AggregateFormat.HEADERS
        ? new WithHeaders(settings)
        : new SessionStoreSupplier(settings);
  }

  @Override
  public SessionStoreSupplier emittingOnClose() {
    return of(settings().with(Expiry.AFTER_RETENTION));
  }

  @Override
  public SessionStoreSupplier inMemory() {
    return of(settings().with(StoreKind.IN_MEMORY));
  }

  @Override
  public String metricsScope() {
    return "timelog-session";
  }

  @Override
  public SessionStore<Bytes, byte[]> get() {
    return switch (settings().format()) {
      case PLAIN -> new TimelogSessionStore(settings());
      case HEADERS -> new TimelogSessionStore.WithHeaders(settings());
    };
  }

  /** Tells Kafka Streams by its type that the stores keep headers. */
  private static final class WithHeaders extends SessionStoreSupplier
      implements HeadersBytesStoreSupplier {
    WithHeaders(SessionStoreSettings settings) {
      super(settings);
    }
  }
}
