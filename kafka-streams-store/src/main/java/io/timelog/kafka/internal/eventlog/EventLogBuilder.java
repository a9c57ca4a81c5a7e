package io.timelog.kafka.internal.eventlog;

import io.timelog.kafka.eventlog.EventLogStore;
import io.timelog.kafka.eventlog.EventLogStoreBuilder;
import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.Millis;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.kafka.internal.host.StoreName;
import io.timelog.summary.Summarizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Collects what there is to say of an event-log store. Not thread-safe. */
public final class EventLogBuilder<K, V> implements EventLogStoreBuilder<K, V> {
  /**
   * The broker goes by its own clock and by whole files; a day is what Kafka Streams adds for its
   * window stores.
   */
  private static final long ADDITIONAL_RETENTION_MILLIS = Duration.ofDays(1).toMillis();

  private static final long KEEP_FOR_EVER = -1;

  private final String name;
  private final @Nullable Serde<K> keySerde;
  private final @Nullable Serde<V> valueSerde;
  private final Map<String, String> topicConfig = new HashMap<>();
  private final List<Summarizer<V, ?>> summarizers = new ArrayList<>();
  private long retentionMillis = Retention.FOR_EVER;
  private StoreKind kind = StoreKind.PERSISTENT;
  private boolean logged = true;

  /**
   * A store of this name; a serde that is null is that of the application.
   *
   * @throws IllegalArgumentException if the name is empty, too long or a path
   */
  public EventLogBuilder(String name, @Nullable Serde<K> keySerde, @Nullable Serde<V> valueSerde) {
    this.name = StoreName.checked(name);
    this.keySerde = keySerde;
    this.valueSerde = valueSerde;
  }

  @Override
  public EventLogBuilder<K, V> inMemory() {
    kind = StoreKind.IN_MEMORY;
    return this;
  }

  @Override
  public EventLogBuilder<K, V> withRetention(Duration retention) {
    long millis = Millis.of("retention", retention, name);
    if (millis == 0) {
      throw new IllegalArgumentException(
          "retention must be at least a millisecond: retention=" + retention + ", store=" + name);
    }
    retentionMillis = millis;
    return this;
  }

  @Override
  public EventLogBuilder<K, V> withSummary(Summarizer<V, ?> summarizer) {
    if (summarizers.contains(Objects.requireNonNull(summarizer, "summarizer"))) {
      throw new IllegalArgumentException(
          "The store keeps this summary already: summarizer=" + summarizer + ", store=" + name);
    }
    summarizers.add(summarizer);
    return this;
  }

  @Override
  public EventLogBuilder<K, V> withLoggingEnabled(Map<String, String> config) {
    String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    if (policy != null && policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      throw new IllegalArgumentException(
          "The changelog of an event-log store must not be compacted, it would lose entries: "
              + TopicConfig.CLEANUP_POLICY_CONFIG
              + "="
              + policy
              + ", store="
              + name);
    }
    logged = true;
    topicConfig.putAll(config);
    return this;
  }

  @Override
  public EventLogBuilder<K, V> withLoggingDisabled() {
    logged = false;
    topicConfig.clear();
    return this;
  }

  @Override
  public EventLogBuilder<K, V> withCachingEnabled() {
    throw new IllegalStateException(
        "An event-log store has no cache, because no entry replaces another: store=" + name);
  }

  @Override
  public EventLogBuilder<K, V> withCachingDisabled() {
    return this;
  }

  @Override
  public EventLogStore<K, V> build() {
    return new TimelogEventLogStore<>(
        new EventLogSettings<>(
            name, kind, keySerde, valueSerde, retentionMillis, List.copyOf(summarizers), logged));
  }

  @Override
  public Map<String, String> logConfig() {
    if (!logged) {
      return Map.of();
    }
    long topicRetentionMillis = topicRetentionMillis();
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(topicRetentionMillis));
    config.putAll(topicConfig);
    return config;
  }

  private long topicRetentionMillis() {
    String configured = topicConfig.get(TopicConfig.RETENTION_MS_CONFIG);
    if (configured == null) {
      return retentionMillis > Long.MAX_VALUE - ADDITIONAL_RETENTION_MILLIS
          ? KEEP_FOR_EVER
          : retentionMillis + ADDITIONAL_RETENTION_MILLIS;
    }
    long millis = Long.parseLong(configured);
    if (retentionMillis != Retention.FOR_EVER && millis >= 0 && millis < retentionMillis) {
      throw new IllegalArgumentException(
          "The changelog topic must not keep less than its store: "
              + TopicConfig.RETENTION_MS_CONFIG
              + "="
              + configured
              + ", retention="
              + Duration.ofMillis(retentionMillis)
              + ", store="
              + name);
    }
    return millis;
  }

  @Override
  public boolean loggingEnabled() {
    return logged;
  }

  @Override
  public String name() {
    return name;
  }
}
