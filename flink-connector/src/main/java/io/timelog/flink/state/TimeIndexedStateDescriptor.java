package io.timelog.flink.state;

import java.util.List;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/**
 * What a {@link TimeIndexedState} is called, and what its values are. To Flink this is the
 * descriptor of map state from longs to lists, with serializers of Flink's own: a savepoint of it
 * is restored by any backend, and read by jobs that know nothing of this class.
 *
 * @param <V> the type of the values
 */
public final class TimeIndexedStateDescriptor<V> extends MapStateDescriptor<Long, List<V>> {
  private static final long serialVersionUID = 1L;

  /** Values of a class; if it is generic, give a {@link TypeInformation} instead. */
  public TimeIndexedStateDescriptor(String name, Class<V> values) {
    this(name, TypeInformation.of(values));
  }

  /** Values of a type. */
  public TimeIndexedStateDescriptor(String name, TypeInformation<V> values) {
    super(name, Types.LONG, Types.LIST(values));
  }

  /** Values that a serializer reads and writes. */
  public TimeIndexedStateDescriptor(String name, TypeSerializer<V> values) {
    super(name, LongSerializer.INSTANCE, new ListSerializer<>(values));
  }
}
