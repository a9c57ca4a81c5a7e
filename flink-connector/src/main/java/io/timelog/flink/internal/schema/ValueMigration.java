package io.timelog.flink.internal.schema;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer.TtlAwareListSerializer;
import org.apache.flink.runtime.state.ttl.TtlAwareSerializer.TtlAwareMapSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** Rewrites the values of a state, as a canonical savepoint has them, with another serializer. */
@FunctionalInterface
interface ValueMigration {
  /** The value as it has to be from now on. */
  byte[] migrate(byte[] value) throws IOException;

  /**
   * From the serializer that the state had before to the one that it has now. It also adds the time
   * of the last access where the state has got a time to live, and takes it away where it lost it.
   */
  @SuppressWarnings("unchecked")
  static <V> ValueMigration of(
      RegisteredKeyValueStateBackendMetaInfo<?, V> meta,
      TypeSerializer<V> before,
      TtlTimeProvider time) {
    TtlAwareSerializer<?, ?> from = TtlAwareSerializer.wrapTtlAwareSerializer(before);
    TtlAwareSerializer<?, ?> to =
        TtlAwareSerializer.wrapTtlAwareSerializer(meta.getStateSerializer());
    return switch (meta.getStateType()) {
      case LIST ->
          elements(
              ((TtlAwareListSerializer<Object>) from).getElementSerializer(),
              ((TtlAwareListSerializer<Object>) to).getElementSerializer(),
              time);
      case MAP ->
          mapValues(
              ((TtlAwareMapSerializer<?, Object>) from).getValueSerializer(),
              ((TtlAwareMapSerializer<?, Object>) to).getValueSerializer(),
              time);
      default ->
          values((TtlAwareSerializer<Object, ?>) from, (TtlAwareSerializer<Object, ?>) to, time);
    };
  }

  private static <T> ValueMigration values(
      TtlAwareSerializer<T, ?> from, TtlAwareSerializer<T, ?> to, TtlTimeProvider time) {
    DataInputDeserializer in = new DataInputDeserializer();
    DataOutputSerializer out = new DataOutputSerializer(64);
    return value -> {
      in.setBuffer(value);
      out.clear();
      to.migrateValueFromPriorSerializer(from, () -> from.deserialize(in), out, time);
      return out.getCopyOfBuffer();
    };
  }

  /** Elements follow one another with a comma in between. */
  private static <T> ValueMigration elements(
      TtlAwareSerializer<T, ?> from, TtlAwareSerializer<T, ?> to, TtlTimeProvider time) {
    DataInputDeserializer in = new DataInputDeserializer();
    DataOutputSerializer out = new DataOutputSerializer(64);
    return value -> {
      in.setBuffer(value);
      out.clear();
      while (in.available() > 0) {
        to.migrateValueFromPriorSerializer(from, () -> from.deserialize(in), out, time);
        if (in.available() > 0) {
          out.write(in.readByte());
        }
      }
      return out.getCopyOfBuffer();
    };
  }

  /** A value is behind a mark whether it is null. */
  private static <T> ValueMigration mapValues(
      TtlAwareSerializer<T, ?> from, TtlAwareSerializer<T, ?> to, TtlTimeProvider time) {
    DataInputDeserializer in = new DataInputDeserializer();
    DataOutputSerializer out = new DataOutputSerializer(64);
    return value -> {
      in.setBuffer(value);
      out.clear();
      boolean isNull = in.readBoolean();
      out.writeBoolean(isNull);
      if (!isNull) {
        to.migrateValueFromPriorSerializer(from, () -> from.deserialize(in), out, time);
      }
      return out.getCopyOfBuffer();
    };
  }
}
