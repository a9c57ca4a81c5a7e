package io.timelog.flink.internal.table;

import io.timelog.KeyGroups;
import io.timelog.TableOptions;
import io.timelog.flink.internal.key.CompositeKeyFormat;
import io.timelog.flink.internal.ttl.ExpiredEntries;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/**
 * Says what the tables of states have to be like. For the task's thread.
 *
 * @param <K> type of the keys
 */
public final class StateLayouts<K> {
  private final StateSerializerProvider<K> keySerializer;
  private final KeyGroups keyGroups;
  private final TtlTimeProvider clock;

  /**
   * Layouts for a backend.
   *
   * @param keySerializer what a restored snapshot says of it counts from then on
   * @param clock against which entries with a time to live expire
   */
  public StateLayouts(
      StateSerializerProvider<K> keySerializer, KeyGroups keyGroups, TtlTimeProvider clock) {
    this.keySerializer = keySerializer;
    this.keyGroups = keyGroups;
    this.clock = clock;
  }

  /** How keys begin with their key group. */
  public KeyGroups keyGroups() {
    return keyGroups;
  }

  /** The layout of a state. */
  <N, V> TableLayout<K, N> of(RegisteredKeyValueStateBackendMetaInfo<N, V> meta) {
    return TableLayout.of(
        meta,
        new CompositeKeyFormat<>(
            keySerializer.currentSchemaSerializer(), meta.getNamespaceSerializer(), keyGroups));
  }

  /** What a state needs of a table of this name. */
  public <N, V> DeclaredState<K, N, V> declare(
      RegisteredKeyValueStateBackendMetaInfo<N, V> meta, String table) {
    TableLayout<K, N> layout = of(meta);
    TableOptions.Builder options = layout.tableOptions(table);
    if (!TtlAwareSerializer.isSerializerTtlEnabled(meta.getStateSerializer())) {
      return new DeclaredState<>(meta, layout, null, options.build());
    }
    ExpiredEntries expired = new ExpiredEntries(layout.kind().headBytes(), clock);
    return new DeclaredState<>(meta, layout, expired, options.filter(expired).build());
  }
}
