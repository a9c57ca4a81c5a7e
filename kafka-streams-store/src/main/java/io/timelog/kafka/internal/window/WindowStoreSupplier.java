package io.timelog.kafka.internal.window;

import io.timelog.kafka.TimelogWindowStoreSupplier;
import io.timelog.kafka.internal.expiry.ExpiringSupplier;
import io.timelog.kafka.internal.expiry.Expiry;
import io.timelog.kafka.internal.host.StoreKind;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.HeadersBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/** Makes window stores. Immutable. */
public sealed class WindowStoreSupplier extends ExpiringSupplier<WindowStoreSettings>
    implements TimelogWindowStoreSupplier {
  private WindowStoreSupplier(WindowStoreSettings settings) {
    super(settings);
  }

  /**
   * Checks and converts what a user says.
   *
   * @throws IllegalArgumentException if the name is empty, too long or a path, a duration is
   *     negative or not a number of milliseconds, or {@code windowSize} exceeds {@code retention}
   */
  public static WindowStoreSupplier of(
      String name, Duration retention, Duration windowSize, ValueFormat format) {
    return of(WindowStoreSettings.of(name, retention, windowSize, format));
  }

  private static WindowStoreSupplier of(WindowStoreSettings settings) {
    return settings.format() == ValueFormat.HEADERS
        ? new WithHeaders(settings)
        : new WindowStoreSupplier(settings);
  }

  @Override
  public WindowStoreSupplier retainingDuplicates() {
    return of(settings().with(Duplicates.RETAINED));
  }

  @Override
  public WindowStoreSupplier emittingOnClose() {
    return of(settings().with(Expiry.AFTER_RETENTION));
  }

  @Override
  public WindowStoreSupplier inMemory() {
    return of(settings().with(StoreKind.IN_MEMORY));
  }

  @Override
  public long windowSize() {
    return settings().windowSizeMillis();
  }

  @Override
  public boolean retainDuplicates() {
    return settings().duplicates() == Duplicates.RETAINED;
  }

  @Override
  public String metricsScope() {
    return "timelog-window";
  }

  @Override
  public WindowStore<Bytes, byte[]> get() {
    return switch (settings().format()) {
      case PLAIN -> new TimelogWindowStore(settings());
      case TIMESTAMPED -> new TimelogWindowStore.Timestamped(settings());
      case HEADERS -> new TimelogWindowStore.WithHeaders(settings());
    };
  }

  /** Tells Kafka Streams by its type that the stores keep headers. */
  private static final class WithHeaders extends WindowStoreSupplier
      implements HeadersBytesStoreSupplier {
    WithHeaders(WindowStoreSettings settings) {
      super(settings);
    }
  }
}
