package io.timelog.examples.flights.run;

import io.timelog.examples.flights.data.Flight;
import java.nio.file.Path;
import java.util.List;

/** Whole runs, with a broker, that nobody watches. */
public final class Runs {
  public static final Partitioning PARTITIONING = new Partitioning(2);

  private Runs() {}

  public static <R> R of(List<Flight> flights, Job<R> job, Path parent) throws Exception {
    return new JobRun(
            flights, PARTITIONING, new Pace.Unlimited(), new NoProgress(), new StopSignal())
        .run(job, parent);
  }

  /** Is told, and tells nobody. */
  public static class NoProgress implements Progress {
    @Override
    public void phase(String what) {}

    @Override
    public void advance(long flights, long streamTimeMillis) {}
  }
}
