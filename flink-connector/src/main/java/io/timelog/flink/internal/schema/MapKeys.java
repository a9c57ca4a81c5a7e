package io.timelog.flink.internal.schema;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializerSnapshot;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.util.StateMigrationException;

/** The keys of map states, which are part of where an entry lies. */
final class MapKeys {
  private MapKeys() {}

  /**
   * Returns normally if the state is no map, or its keys are written as they were.
   *
   * @throws StateMigrationException if not
   */
  static void requireSameSchema(RegisteredKeyValueStateBackendMetaInfo<?, ?> meta)
      throws StateMigrationException {
    if (meta.getStateType() == StateDescriptor.Type.MAP
        && !isSameSchema(
            (MapSerializerSnapshot<?, ?>) meta.getPreviousStateSerializerSnapshot(),
            (MapSerializer<?, ?>) meta.getStateSerializer())) {
      throw new StateMigrationException(
          "The new serializer for a MapState requires state migration in order for the job to"
              + " proceed, since the key schema has changed. However, migration for MapState"
              + " currently only allows value schema evolutions: state="
              + meta.getName());
    }
  }

  @SuppressWarnings("unchecked")
  private static <MK> boolean isSameSchema(
      MapSerializerSnapshot<?, ?> before, MapSerializer<MK, ?> now) {
    return now.getKeySerializer()
        .snapshotConfiguration()
        .resolveSchemaCompatibility((TypeSerializerSnapshot<MK>) before.getKeySerializerSnapshot())
        .isCompatibleAsIs();
  }
}
