package io.timelog.examples.flights;

import java.nio.file.Path;
import java.util.List;

/** Whole runs, with a broker, that nobody watches. */
final class Runs {
  static final Partitioning PARTITIONING = new Partitioning(2);

  private Runs() {}

  static <R> R of(List<Flight> flights, Job<R> job, Path parent) throws Exception {
    return new JobRun(
            flights, PARTITIONING, new Pace.Unlimited(), new NoProgress(), new StopSignal())
        .run(job, parent);
  }

  /** Is told, and tells nobody. */
  static class NoProgress implements Progress {
    @Override
    public void phase(String what) {}

    @Override
    public void advance(long flights, long streamTimeMillis) {}
  }
}
