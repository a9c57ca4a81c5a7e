package io.timelog.integration.flink;

import io.timelog.integration.flink.soak.UnsteadyStorage;
import java.time.Duration;
import java.util.List;

/** What happens to a job while it works on a part of its input. */
enum Disturbance {
  /** Nothing but checkpoints. */
  NONE,
  /** A task fails, and the job goes on from its latest checkpoint. */
  FAILED_TASK {
    @Override
    void on(DisturbedJob job) throws Exception {
      job.failTask();
    }
  },
  /** What is behind the job takes its results slowly, so that records wait in front of tasks. */
  BACKPRESSURE {
    @Override
    void on(DisturbedJob job) throws Exception {
      SlowWhile.slow = true;
      try {
        job.awaitCheckpoints(2);
      } finally {
        SlowWhile.slow = false;
      }
    }
  },
  /** Checkpoints take so long that their files wait for each other. */
  SLOW_STORAGE {
    @Override
    void on(DisturbedJob job) throws Exception {
      UnsteadyStorage.slowDown(Duration.ofMillis(3));
      try {
        job.awaitCheckpoints(3);
      } finally {
        UnsteadyStorage.calm();
      }
    }
  },
  /** Checkpoints are aborted, because files of them cannot be written. */
  FAILING_STORAGE {
    @Override
    void on(DisturbedJob job) throws Exception {
      UnsteadyStorage.failOneOf(10);
      try {
        job.awaitFailedCheckpoints(3);
      } finally {
        UnsteadyStorage.calm();
      }
    }
  },
  /** The job ends with a snapshot, and goes on from that with another parallelism. */
  RESCALING {
    @Override
    void on(DisturbedJob job) throws Exception {
      job.rescale();
    }
  },
  /** A task manager goes, and a new one comes. */
  LOST_TASK_MANAGER {
    @Override
    void on(DisturbedJob job) throws Exception {
      job.loseTaskManagers(1);
    }
  },
  /** Both go, so that nothing is left but what was stored. */
  LOST_TASK_MANAGERS {
    @Override
    void on(DisturbedJob job) throws Exception {
      job.loseTaskManagers(2);
    }
  };

  /** Those after which nothing may be left of a job that is over: nobody dies at his work. */
  static final List<Disturbance> GENTLE =
      List.of(NONE, FAILED_TASK, BACKPRESSURE, SLOW_STORAGE, FAILING_STORAGE, RESCALING);

  static final List<Disturbance> ALL = List.of(values());

  /** Does it, and returns when the job is at work again. */
  void on(DisturbedJob job) throws Exception {
    job.awaitCheckpoints(1);
  }
}
