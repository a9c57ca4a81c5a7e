package io.timelog.integration.flink;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;

/** By what a job is stopped, and restored with another parallelism. */
enum SnapshotKind {
  CANONICAL_SAVEPOINT {
    @Override
    String stop(JobCluster cluster, JobID job) throws Exception {
      return cluster.stopWithSavepoint(job, SavepointFormatType.CANONICAL);
    }
  },
  NATIVE_SAVEPOINT {
    @Override
    String stop(JobCluster cluster, JobID job) throws Exception {
      return cluster.stopWithSavepoint(job, SavepointFormatType.NATIVE);
    }
  },
  FULL_CHECKPOINT,
  INCREMENTAL_CHECKPOINT {
    @Override
    Configuration in(Configuration configuration) {
      return configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    }
  },
  UNALIGNED_CHECKPOINT {
    @Override
    Configuration in(Configuration configuration) {
      return configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
    }
  };

  /** What the job needs in its settings for this. */
  Configuration in(Configuration configuration) {
    return configuration;
  }

  /** Stops the job, and returns where the snapshot is that it goes on from. */
  String stop(JobCluster cluster, JobID job) throws Exception {
    cluster.checkpoint(job);
    return cluster.cancel(job);
  }
}
