package io.timelog.flink.internal.map;

import io.timelog.EntryBatch;
import io.timelog.Span;
import io.timelog.flink.internal.state.KeyContext;
import io.timelog.flink.internal.table.StateTable;
import java.util.Map;

/** A map with long keys, in their order; they are the timestamps of its rows. */
final class LongMap<K, N, MV> extends RowMap<K, N, Long, MV> {
  LongMap(KeyContext<K> keys, StateTable<K, N, Map<Long, MV>> state) {
    super(keys, state);
  }

  @Override
  long timestampOf(Long mapKey, long namespaceTimestamp) {
    return mapKey;
  }

  @Override
  Span subkeyOf(Long mapKey) {
    return NO_SUBKEY;
  }

  @Override
  Long mapKey(EntryBatch rows, int row) {
    return rows.timestamp(row);
  }
}
