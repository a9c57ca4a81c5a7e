package io.timelog.flink.internal.async;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.asyncprocessing.AsyncRequestContainer;
import org.apache.flink.runtime.asyncprocessing.StateExecutor;
import org.apache.flink.runtime.asyncprocessing.StateRequest;

/** Executes requests of states that make none: it is always ready, and never asked. */
final class IdleExecutor implements StateExecutor {
  @Override
  public CompletableFuture<Void> executeBatchRequests(
      AsyncRequestContainer<StateRequest<?, ?, ?, ?>> requests) {
    return CompletableFuture.failedFuture(noRequests());
  }

  @Override
  public AsyncRequestContainer<StateRequest<?, ?, ?, ?>> createRequestContainer() {
    throw noRequests();
  }

  @Override
  public void executeRequestSync(StateRequest<?, ?, ?, ?> request) {
    throw noRequests();
  }

  private static IllegalStateException noRequests() {
    return new IllegalStateException(
        "A request for a state of another backend: states of this one answer at once");
  }

  @Override
  public boolean fullyLoaded() {
    return false;
  }

  @Override
  public void shutdown() {}
}
