package io.timelog.flink.streams;

/** What happens to an operator. */
sealed interface Step {
  /** A record comes, of the only input or the left one. */
  record Left(Row row) implements Step {}

  /** A record comes, of the right input. */
  record Right(Row row) implements Step {}

  /** The watermark moves on, on all inputs. */
  record Mark(long time) implements Step {}

  /** The operator is stopped, and goes on from a snapshot with so many subtasks. */
  record Restart(int parallelism) implements Step {}
}
