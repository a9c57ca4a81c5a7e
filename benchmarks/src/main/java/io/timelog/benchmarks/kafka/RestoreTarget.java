package io.timelog.benchmarks.kafka;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.jspecify.annotations.Nullable;

/** Opens a store and keeps hold of what it is restored by. */
final class RestoreTarget {
  private @Nullable StateRestoreCallback callback;

  /** Initializes a store, which registers with this and not with its task. */
  void open(StateStore store, StateStoreContext context) {
    StateStoreContext catching =
        (StateStoreContext)
            Proxy.newProxyInstance(
                RestoreTarget.class.getClassLoader(),
                new Class<?>[] {InternalProcessorContext.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("register")) {
                    callback = (StateRestoreCallback) arguments[1];
                    return null;
                  }
                  try {
                    return method.invoke(context, arguments);
                  } catch (InvocationTargetException e) {
                    throw Objects.requireNonNull(e.getCause());
                  }
                });
    store.init(catching, store);
  }

  /** Gives the store a batch, by the widest door it has, as Kafka Streams does. */
  void restore(List<ConsumerRecord<byte[], byte[]>> batch) {
    StateRestoreCallback door = callback;
    if (door instanceof RecordBatchingStateRestoreCallback records) {
      records.restoreBatch(batch);
    } else if (door instanceof BatchingStateRestoreCallback pairs) {
      pairs.restoreAll(batch.stream().map(r -> KeyValue.pair(r.key(), r.value())).toList());
    } else if (door != null) {
      batch.forEach(record -> door.restore(record.key(), record.value()));
    } else {
      throw new IllegalStateException("The store did not register");
    }
  }
}
