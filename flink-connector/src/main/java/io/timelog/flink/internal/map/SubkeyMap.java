package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.state.ValueCoder;
import io.timelog.flink.internal.table.StateTable;
import java.util.Map;

/** A map with keys of any kind, in the order of their bytes as unsigned numbers. */
final class SubkeyMap<K, N, MK, MV> extends RowMap<K, N, MK, MV> {
  /** Another than that of values, since a row needs both at a time. */
  private final ValueCoder subkeys;

  private final Span subkey = new Span();

  SubkeyMap(KeyContext<K> keys, StateTable<K, N, Map<MK, MV>> state) {
    super(keys, state);
    subkeys = new ValueCoder(state.name());
  }

  @Override
  long timestampOf(MK mapKey, long namespaceTimestamp) {
    return namespaceTimestamp;
  }

  @Override
  Span subkeyOf(MK mapKey) {
    return subkeys.encode(mapKey, mapKeySerializer());
  }

  @Override
  MK mapKey(EntryBatch rows, int row) {
    return subkeys.decode(rows.subkey(row, subkey), 0, mapKeySerializer());
  }
}
