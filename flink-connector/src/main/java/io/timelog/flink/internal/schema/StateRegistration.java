package io.timelog.flink.internal.schema;

import io.timelog.TimeRange;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import java.io.IOException;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.util.StateMigrationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers states as a job describes them. For the task's thread.
 *
 * @param <K> type of the keys
 */
public final class StateRegistration<K> {
  private static final Logger LOG = LoggerFactory.getLogger(StateRegistration.class);

  private final StateTables<K> states;
  private final TtlTimeProvider time;

  public StateRegistration(StateTables<K> states, TtlTimeProvider time) {
    this.states = states;
    this.time = time;
  }

  /**
   * The state of a descriptor: a new one without entries, or the one that was restored or
   * registered before, migrated if its serializer wants that. O(entries of the state) if so.
   *
   * @throws StateMigrationException if the serializers cannot read what is stored; nothing has
   *     changed but the meta information
   */
  public <N, V> StateTable<K, N, V> register(
      TypeSerializer<N> namespaceSerializer, StateDescriptor<?, V> descriptor) throws Exception {
    @SuppressWarnings("unchecked")
    StateTable<K, N, V> present = (StateTable<K, N, V>) states.find(descriptor.getName());
    if (present == null) {
      return states.add(
          new RegisteredKeyValueStateBackendMetaInfo<>(
              descriptor.getType(),
              descriptor.getName(),
              namespaceSerializer,
              descriptor.getSerializer()));
    }
    StateTable<K, N, V> updated = update(present, namespaceSerializer, descriptor);
    states.replace(updated);
    return updated;
  }

  private <N, V> StateTable<K, N, V> update(
      StateTable<K, N, V> state,
      TypeSerializer<N> namespaceSerializer,
      StateDescriptor<?, V> descriptor)
      throws Exception {
    RegisteredKeyValueStateBackendMetaInfo<N, V> meta = state.meta();
    updateNamespaceSerializer(meta, namespaceSerializer);
    meta.checkStateMetaInfo(descriptor);
    // An incompatible serializer takes the place of the one before, which the message names.
    TypeSerializer<V> before = meta.getStateSerializer();
    TypeSerializerSchemaCompatibility<V> values =
        meta.updateStateSerializer(descriptor.getSerializer());
    if (values.isIncompatible()) {
      throw new StateMigrationException(
          "The new state serializer ("
              + descriptor.getSerializer()
              + ") must not be incompatible with the old state serializer ("
              + before
              + "): state="
              + meta.getName());
    }
    if (values.isCompatibleAfterMigration()) {
      MapKeys.requireSameSchema(meta);
      return rewrite(state, ValueMigration.of(meta, before, time));
    }
    StateTable<K, N, V> refreshed = states.refreshed(state);
    return refreshed != null ? refreshed : rewrite(state, value -> value);
  }

  private static <N> void updateNamespaceSerializer(
      RegisteredKeyValueStateBackendMetaInfo<N, ?> meta, TypeSerializer<N> serializer)
      throws StateMigrationException {
    TypeSerializer<N> before = meta.getNamespaceSerializer();
    TypeSerializerSchemaCompatibility<N> compatibility = meta.updateNamespaceSerializer(serializer);
    if (compatibility.isCompatibleAfterMigration() || compatibility.isIncompatible()) {
      throw new StateMigrationException(
          "The new namespace serializer ("
              + serializer
              + ") must be compatible with the old namespace serializer ("
              + before
              + "): state="
              + meta.getName());
    }
  }

  /** Copies a state into a table of its own, and each value as it has to be from now on. */
  private <N, V> StateTable<K, N, V> rewrite(StateTable<K, N, V> state, ValueMigration migration)
      throws IOException {
    LOG.info("Rewriting a state, because its serialized form has changed: state={}", state.name());
    StateTable<K, N, V> target = states.create(state.meta());
    try (CanonicalEntries entries =
        state.read(state.table().scanKeyGroups(0, Integer.MAX_VALUE, TimeRange.all()))) {
      CanonicalSink sink = target.sink();
      while (entries.advance()) {
        sink.accept(entries.key(), migration.migrate(entries.value()));
      }
    } catch (IOException | RuntimeException | Error e) {
      states.discard(target);
      throw e;
    }
    return target;
  }
}
