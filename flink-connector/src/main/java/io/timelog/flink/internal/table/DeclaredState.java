package io.timelog.flink.internal.table;

import io.timelog.TableOptions;
import io.timelog.flink.internal.ttl.ExpiredEntries;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.jspecify.annotations.Nullable;

/**
 * A state, and what its table has to be like.
 *
 * @param expired the filter of the table; null if values have no time of their last access
 * @param options of the table, that filter among them
 * @param <K> type of the keys
 * @param <N> type of the namespaces
 * @param <V> type of the state as its serializer has it
 */
public record DeclaredState<K, N, V>(
    RegisteredKeyValueStateBackendMetaInfo<N, V> meta,
    TableLayout<K, N> layout,
    @Nullable ExpiredEntries expired,
    TableOptions options) {}
