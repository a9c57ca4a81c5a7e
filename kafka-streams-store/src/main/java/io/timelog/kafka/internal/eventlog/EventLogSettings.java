package io.timelog.kafka.internal.eventlog;

import io.timelog.kafka.internal.expiry.Retention;
import io.timelog.kafka.internal.host.StoreKind;
import io.timelog.summary.Summarizer;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * All that is to be said of an event-log store before there is one.
 *
 * @param name the name of the store
 * @param kind whether it is of the persistent kind
 * @param keySerde null for that of the application
 * @param valueSerde null for that of the application
 * @param retentionMillis positive; {@link Retention#FOR_EVER} if entries stay until they are
 *     deleted
 * @param summarizers what it keeps summaries for
 * @param logged whether it writes a changelog
 */
record EventLogSettings<K, V>(
    String name,
    StoreKind kind,
    @Nullable Serde<K> keySerde,
    @Nullable Serde<V> valueSerde,
    long retentionMillis,
    List<Summarizer<V, ?>> summarizers,
    boolean logged) {}
