package io.timelog.flink.internal.checkpoint;

import java.io.Serializable;

/**
 * How checkpoints are taken.
 *
 * @param incremental whether a checkpoint names again what an earlier one has stored
 * @param transferThreads how many files of an operator are stored at the same time; positive
 */
public record CheckpointSettings(boolean incremental, int transferThreads) implements Serializable {
  private static final long serialVersionUID = 1L;
}
