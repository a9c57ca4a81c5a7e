package io.timelog.flink.model;

import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/** Kinds of namespaces: none, those that lie in time, and one whose length varies. */
enum Namespaces {
  VOID,
  WINDOW,
  LONG,
  STRING;

  private TypeSerializer<?> ofKind() {
    return switch (this) {
      case VOID -> VoidNamespaceSerializer.INSTANCE;
      case WINDOW -> new TimeWindow.Serializer();
      case LONG -> LongSerializer.INSTANCE;
      case STRING -> StringSerializer.INSTANCE;
    };
  }

  @SuppressWarnings("unchecked")
  TypeSerializer<Object> serializer() {
    return (TypeSerializer<Object>) ofKind();
  }

  List<?> all() {
    return switch (this) {
      case VOID -> List.of(VoidNamespace.INSTANCE);
      case WINDOW ->
          List.of(
              new TimeWindow(0, 10),
              new TimeWindow(5, 10),
              new TimeWindow(10, 20),
              new TimeWindow(-20, -10),
              new TimeWindow(1_000_000, 2_000_000));
      case LONG -> List.of(0L, 1L, -1L, 3_600_000L, Long.MAX_VALUE, Long.MIN_VALUE);
      case STRING -> List.of("", "a", "aa", "\u00e4");
    };
  }

  Object any(Random random) {
    List<?> all = all();
    return all.get(random.nextInt(all.size()));
  }
}
