package io.timelog.flink.internal.table;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;

/** The ways in which a kind of state is laid out in rows. */
public enum LayoutKind {
  /** A row of a map table for each key and namespace: value, reducing and aggregating state. */
  SINGLE,
  /** A row of a multimap for each element, in order of arrival: list state. */
  LIST,
  /** A row of a map table for each entry, its key as subkey: map state. */
  MAP,
  /** A row of a map table for each entry, its key as timestamp: map state with long keys. */
  LONG_MAP,
  /** A row of a multimap for each element of each list: map state from longs to lists. */
  LONG_LIST_MAP;

  /** How a state of this type with this serializer is laid out. */
  static LayoutKind of(StateDescriptor.Type type, TypeSerializer<?> serializer) {
    return switch (type) {
      case VALUE, REDUCING, AGGREGATING -> SINGLE;
      case LIST -> LIST;
      case MAP -> ofMap((MapSerializer<?, ?>) serializer);
      default -> throw new IllegalArgumentException("Unknown type of state: type=" + type);
    };
  }

  private static LayoutKind ofMap(MapSerializer<?, ?> map) {
    if (!(map.getKeySerializer() instanceof LongSerializer)) {
      return MAP;
    }
    return map.getValueSerializer() instanceof ListSerializer ? LONG_LIST_MAP : LONG_MAP;
  }

  /** Whether timestamps are the keys of the map, and not those of the namespace. */
  boolean hasLongKeys() {
    return this == LONG_MAP || this == LONG_LIST_MAP;
  }

  /** How many bytes a row has before the value that Flink knows: the mark of values in maps. */
  int headBytes() {
    return switch (this) {
      case SINGLE, LIST -> 0;
      case MAP, LONG_MAP -> MapLayout.NULL_MARK_BYTES;
      case LONG_LIST_MAP -> ListMark.BYTES;
    };
  }

  /** Whether the table is a multimap. */
  boolean isMultimap() {
    return this == LIST || this == LONG_LIST_MAP;
  }
}
