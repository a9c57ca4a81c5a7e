package io.timelog.flink.internal.snapshot;

import io.timelog.Cursor;
import io.timelog.Snapshot;
import io.timelog.TimeRange;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import io.timelog.flink.internal.table.TableLayout;
import io.timelog.flink.internal.timer.Timers;
import io.timelog.flink.internal.timer.TimersAtMoment;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.FullSnapshotResources;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyValueStateIterator;
import org.apache.flink.runtime.state.StateSnapshotTransformer;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * One moment of a backend. Made on the task's thread in O(states, timers and partition windows);
 * read on any one thread after that.
 *
 * @param <K> type of the keys
 */
public final class CanonicalResources<K> implements FullSnapshotResources<K> {
  private final KeyGroupRange keyGroups;
  private final TypeSerializer<K> keySerializer;
  private final StreamCompressionDecorator compression;
  private final List<StateMetaInfoSnapshot> metas = new ArrayList<>();
  private final List<StateAtMoment> states = new ArrayList<>();
  private final List<TimersAtMoment> queues;
  private final Snapshot snapshot;

  public CanonicalResources(
      StateTables<K> tables,
      Timers timers,
      KeyGroupRange keyGroups,
      TypeSerializer<K> keySerializer,
      StreamCompressionDecorator compression) {
    this.keyGroups = keyGroups;
    this.keySerializer = keySerializer;
    this.compression = compression;
    for (StateTable<K, ?, ?> state : tables.all()) {
      metas.add(state.metaSnapshot());
      states.add(new StateAtMoment(state.table().name(), state.layout(), state.newTransformer()));
    }
    this.queues = timers.moment();
    queues.forEach(queue -> metas.add(queue.meta()));
    this.snapshot = tables.store().snapshot();
  }

  /**
   * What of a state is needed to read it; the state itself may be registered anew meanwhile.
   *
   * @param table its name
   */
  private record StateAtMoment(
      String table,
      TableLayout<?, ?> layout,
      @Nullable StateSnapshotTransformer<byte[]> transformer) {}

  @Override
  public List<StateMetaInfoSnapshot> getMetaInfoSnapshots() {
    return metas;
  }

  @Override
  public KeyValueStateIterator createKVStateIterator() {
    List<CanonicalEntries> entries = new ArrayList<>(metas.size());
    try {
      for (StateAtMoment state : states) {
        entries.add(read(state));
      }
      for (TimersAtMoment queue : queues) {
        entries.add(queue.entries(snapshot));
      }
      return new CanonicalIterator(entries);
    } catch (RuntimeException | Error e) {
      entries.forEach(CanonicalEntries::close);
      throw e;
    }
  }

  private CanonicalEntries read(StateAtMoment state) {
    Cursor rows =
        snapshot
            .table(state.table())
            .scanKeyGroups(
                keyGroups.getStartKeyGroup(), keyGroups.getEndKeyGroup(), TimeRange.all());
    return state.layout().read(rows, state.transformer());
  }

  @Override
  public KeyGroupRange getKeyGroupRange() {
    return keyGroups;
  }

  @Override
  public TypeSerializer<K> getKeySerializer() {
    return keySerializer;
  }

  @Override
  public StreamCompressionDecorator getStreamCompressionDecorator() {
    return compression;
  }

  @Override
  public void release() {
    snapshot.close();
  }
}
