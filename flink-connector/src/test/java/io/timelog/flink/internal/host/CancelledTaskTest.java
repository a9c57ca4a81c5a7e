package io.timelog.flink.internal.host;

import io.timelog.flink.TimelogStateBackend;
import io.timelog.flink.fixture.Subtasks;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.junit.jupiter.api.Test;

/**
 * When Flink cancels a task, a thread of its own closes the backend while the task is at work, and
 * the task disposes of it when it notices, perhaps at the same moment. What fails then ends the
 * task manager.
 */
final class CancelledTaskTest {
  private static final int ROUNDS = 50;

  @Test
  void backendThatIsClosedWhileItsTaskWrites_isDisposedOf() throws Exception {
    ExecutorService canceller = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        // It fails when it is closed if it has memory of its task manager left.
        try (Subtasks subtasks = Subtasks.of(new TimelogStateBackend()).open()) {
          AbstractKeyedStateBackend<String> backend = subtasks.at("key");
          Future<?> closing = cancelWhileItWrites(backend, canceller);
          backend.dispose();
          closing.get();
        }
      }
    } finally {
      canceller.shutdownNow();
    }
  }

  private static Future<?> cancelWhileItWrites(
      AbstractKeyedStateBackend<String> backend, ExecutorService canceller) throws Exception {
    ValueState<String> value =
        backend.getPartitionedState(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            new ValueStateDescriptor<>("value", StringSerializer.INSTANCE));
    value.update("before");
    Future<?> closing =
        canceller.submit(
            () -> {
              backend.close();
              return null;
            });
    try {
      while (!closing.isDone()) {
        value.update("meanwhile");
      }
    } catch (RuntimeException cancelled) {
      // It is over for the task, too.
    }
    return closing;
  }
}
