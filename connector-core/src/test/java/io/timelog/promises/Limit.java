package io.timelog.promises;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns a hang into a failure; how long anything takes is not tested. */
final class Limit {
  private static final long SECONDS = 20;

  private Limit() {}

  /** The result of a call on a thread of its own. */
  static <T> T call(String what, Callable<T> call) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              }
            },
            what);
    thread.setDaemon(true);
    thread.start();
    return get(what, result);
  }

  /** As {@link #call}, without a result. */
  static void run(String what, ThrowingRunnable call) throws Exception {
    call(
        what,
        () -> {
          call.run();
          return true;
        });
  }

  /** Waits for something that another thread does. */
  static <T> T get(String what, CompletableFuture<T> result) throws Exception {
    try {
      return result.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException hang) {
      throw new AssertionError("It hangs: " + what, hang);
    } catch (ExecutionException thrown) {
      if (thrown.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw new AssertionError("An error in: " + what, thrown.getCause());
    }
  }

  /** A piece of work that may throw. */
  @FunctionalInterface
  interface ThrowingRunnable {
    void run() throws Exception;
  }
}
