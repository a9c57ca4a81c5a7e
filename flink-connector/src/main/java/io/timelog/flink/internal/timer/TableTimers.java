package io.timelog.flink.internal.timer;

import io.timelog.Cursor;
import io.timelog.Snapshot;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.RowWriter;
import io.timelog.flink.internal.table.StateTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.StateMigrationException;

/**
 * Timers in tables of the engine, one for each queue: within the memory of the slot, and in
 * snapshots without being copied.
 */
public final class TableTimers implements Timers {
  private final StateTables<?> tables;
  private final KeyGroupRange keyGroups;
  private final int numberOfKeyGroups;
  private final Map<String, Registered<?>> queues = new LinkedHashMap<>();

  /** No queues. */
  public TableTimers(StateTables<?> tables, KeyGroupRange keyGroups, int numberOfKeyGroups) {
    this.tables = tables;
    this.keyGroups = keyGroups;
    this.numberOfKeyGroups = numberOfKeyGroups;
  }

  private record Registered<
      T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>(
      RegisteredPriorityQueueStateBackendMetaInfo<T> meta, TableTimerQueue<T> queue) {
    Registered<T> withUpgradesAllowed() {
      return new Registered<>(meta.withSerializerUpgradesAllowed(), queue);
    }
  }

  @Override
  public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      KeyGroupedInternalPriorityQueue<T> createOrUpdate(
          String name, TypeSerializer<T> serializer, boolean allowFutureMetadataUpdates) {
    @SuppressWarnings("unchecked")
    Registered<T> present = (Registered<T>) queues.get(name);
    Registered<T> updated =
        present == null
            ? new Registered<>(
                new RegisteredPriorityQueueStateBackendMetaInfo<>(name, serializer),
                create(name, serializer))
            : update(present, serializer);
    queues.put(name, allowFutureMetadataUpdates ? updated.withUpgradesAllowed() : updated);
    return updated.queue();
  }

  private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      TableTimerQueue<T> create(String name, TypeSerializer<T> serializer) {
    return queue(name, createTable(name), serializer);
  }

  private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      TableTimerQueue<T> queue(String name, Table table, TypeSerializer<T> serializer) {
    return new TableTimerQueue<>(name, table, format(serializer), keyGroups, numberOfKeyGroups);
  }

  private Table createTable(String queue) {
    return tables
        .store()
        .createTable(
            TableOptions.map(tables.unusedName(queue))
                .keyGroups(tables.keyGroups())
                .indexTime()
                .build());
  }

  private <T> TimerFormat<T> format(TypeSerializer<T> serializer) {
    return new TimerFormat<>(serializer, tables.keyGroups().prefixBytes());
  }

  private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      Registered<T> update(Registered<T> present, TypeSerializer<T> serializer) {
    TypeSerializer<T> before = present.meta().getElementSerializer();
    TypeSerializerSchemaCompatibility<T> compatibility =
        present.meta().updateElementSerializer(serializer);
    String name = present.meta().getName();
    if (compatibility.isIncompatible()) {
      throw new FlinkRuntimeException(
          new StateMigrationException(
              "The new serializer of timers ("
                  + serializer
                  + ") must not be incompatible with the old one ("
                  + before
                  + "): queue="
                  + name));
    }
    // Not the one that was given, if that had to be told how it was configured before.
    TypeSerializer<T> current = present.meta().getElementSerializer();
    TableTimerQueue<T> queue = present.queue();
    if (compatibility.isCompatibleAfterMigration()) {
      rewrite(name, queue, format(before), format(current));
    } else {
      queue.forgetPolled();
      queue.moveTo(name, queue.table(), format(current));
    }
    return new Registered<>(
        new RegisteredPriorityQueueStateBackendMetaInfo<>(name, current), queue);
  }

  /** Copies the timers of a queue into a table of their own, written as they are from now on. */
  private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
      void rewrite(
          String name, TableTimerQueue<T> queue, TimerFormat<T> before, TimerFormat<T> after) {
    queue.forgetPolled();
    Table old = queue.table();
    Table table = createTable(name);
    RowWriter writer = new RowWriter(name, table.writer());
    try (Cursor rows = old.scanKeyGroups(0, Integer.MAX_VALUE, TimeRange.all())) {
      while (rows.advance()) {
        after.place(before.read(rows), rows.keyGroup());
        after.put(writer);
      }
    } catch (RuntimeException | Error e) {
      tables.store().dropTable(table.name());
      throw e;
    }
    queue.moveTo(name, table, after);
    tables.store().dropTable(old.name());
  }

  @Override
  public CanonicalSink restored(StateMetaInfoSnapshot meta) {
    TableTimerQueue<?> queue =
        queues.computeIfAbsent(meta.getName(), name -> registered(meta, createTable(name))).queue();
    return (key, value) -> queue.restore(key);
  }

  /** {@inheritDoc} If the queue has a table already, the timers are copied into that. */
  @Override
  public void adopt(StateMetaInfoSnapshot meta, Table table) throws IOException {
    if (queues.containsKey(meta.getName())) {
      TableTimerEntries.copy(table, tables.keyGroups().prefixBytes(), restored(meta));
      tables.store().dropTable(table.name());
    } else {
      queues.put(meta.getName(), registered(meta, table));
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what a timer is, is known to the job alone
  private Registered<?> registered(StateMetaInfoSnapshot snapshot, Table table) {
    RegisteredPriorityQueueStateBackendMetaInfo meta =
        new RegisteredPriorityQueueStateBackendMetaInfo<>(snapshot);
    return new Registered(meta, queue(meta.getName(), table, meta.getElementSerializer()));
  }

  @Override
  public List<TimersAtMoment> moment() {
    List<TimersAtMoment> moment = new ArrayList<>();
    for (Registered<?> registered : queues.values()) {
      TableTimerQueue<?> queue = registered.queue();
      queue.forgetPolled();
      moment.add(new Stored(registered.meta().snapshot(), queue.table().name()));
    }
    return moment;
  }

  /** A queue whose timers are in a snapshot of the store. */
  private final class Stored implements TimersAtMoment {
    private final StateMetaInfoSnapshot meta;
    private final String table;

    Stored(StateMetaInfoSnapshot meta, String table) {
      this.meta = meta;
      this.table = table;
    }

    @Override
    public StateMetaInfoSnapshot meta() {
      return meta;
    }

    @Override
    public String table() {
      return table;
    }

    @Override
    public CanonicalEntries entries(Snapshot store) {
      return new TableTimerEntries(
          store
              .table(table)
              .scanKeyGroups(
                  keyGroups.getStartKeyGroup(), keyGroups.getEndKeyGroup(), TimeRange.all()),
          tables.keyGroups().prefixBytes());
    }
  }
}
