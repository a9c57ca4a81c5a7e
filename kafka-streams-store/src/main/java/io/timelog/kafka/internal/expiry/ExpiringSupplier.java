package io.timelog.kafka.internal.expiry;

/**
 * What Kafka Streams asks of a supplier of stores whose entries expire, answered from its settings.
 * Immutable.
 */
public abstract class ExpiringSupplier<S extends ExpiringSettings> {
  private final S settings;

  /** A supplier of stores with these settings. */
  protected ExpiringSupplier(S settings) {
    this.settings = settings;
  }

  /** The settings of the stores. */
  protected final S settings() {
    return settings;
  }

  /** The name of the stores. */
  public final String name() {
    return settings.name();
  }

  /** How far an entry may lie behind stream time and still be kept, in milliseconds. */
  public final long retentionPeriod() {
    return settings.retention().retentionMillis();
  }

  /** Milliseconds of a segment, by which Kafka's cache orders its entries. */
  public final long segmentIntervalMs() {
    return settings.retention().segmentMillis();
  }

  @Override
  public final String toString() {
    return settings.toString();
  }
}
