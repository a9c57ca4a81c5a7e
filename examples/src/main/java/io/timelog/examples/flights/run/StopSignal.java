package io.timelog.examples.flights.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a run to come to an end early. Thread-safe; once raised it stays raised. */
public final class StopSignal {
  private final CountDownLatch raised = new CountDownLatch(1);

  /** Raises the signal. */
  public void raise() {
    raised.countDown();
  }

  /** Whether it was raised. */
  boolean isRaised() {
    return raised.getCount() == 0;
  }

  /**
   * Goes on unless the signal is raised.
   *
   * @throws StoppedException if it is
   */
  public void check() throws StoppedException {
    if (isRaised()) {
      throw new StoppedException();
    }
  }

  /**
   * Waits, and goes on unless the signal is raised meanwhile.
   *
   * @throws StoppedException if it is
   */
  public void pause(Duration duration) throws StoppedException, InterruptedException {
    if (raised.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new StoppedException();
    }
  }

  /** The run was told to stop. */
  public static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("The run was stopped", null, false, false);
    }
  }
}
