package io.timelog.flink.internal.key;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/**
 * The timestamp under which the entries of a namespace lie in the engine.
 *
 * @param <N> type of the namespaces
 */
public interface NamespaceTime<N> {
  /** The timestamp, in whatever unit the namespace has; always the same for equal namespaces. */
  long of(N namespace);

  /** Whether namespaces are spread over time; if not, all of them lie at one moment. */
  boolean isSpread();

  /** The time of namespaces that are written by this serializer. */
  @SuppressWarnings("unchecked")
  static <N> NamespaceTime<N> of(TypeSerializer<N> serializer) {
    if (serializer instanceof TimeWindow.Serializer) {
      return (NamespaceTime<N>) Spread.WINDOW;
    }
    if (serializer instanceof LongSerializer) {
      return (NamespaceTime<N>) Spread.LONG;
    }
    return (NamespaceTime<N>) Spread.NONE;
  }

  /** The last millisecond of a window, the end that SQL's windows have as namespace, or nothing. */
  enum Spread implements NamespaceTime<Object> {
    WINDOW {
      @Override
      public long of(Object namespace) {
        return ((TimeWindow) namespace).maxTimestamp();
      }
    },
    LONG {
      @Override
      public long of(Object namespace) {
        return (Long) namespace;
      }
    },
    NONE {
      @Override
      public long of(Object namespace) {
        return 0;
      }
    };

    @Override
    public boolean isSpread() {
      return this != NONE;
    }
  }
}
