package io.timelog.benchmarks.report;

/**
 * One figure of one answer, of which less is better.
 *
 * @param subject what was weighed, in Markdown
 * @param operation what it did, or the kind of the figure
 * @param amount in nanoseconds or bytes
 * @param unit of the amount
 */
public record Cost(String subject, String operation, double amount, Unit unit) {
  /** How an amount is written. */
  public enum Unit {
    NANOS,
    BYTES
  }

  /** A duration. */
  public static Cost nanos(String subject, String operation, double nanos) {
    return new Cost(subject, operation, nanos, Unit.NANOS);
  }

  /** Memory. */
  public static Cost bytes(String subject, String operation, double bytes) {
    return new Cost(subject, operation, bytes, Unit.BYTES);
  }

  /** Any amount of this kind, for people. */
  public String written(double anyAmount) {
    return switch (unit) {
      case NANOS -> Figures.nanos(anyAmount);
      case BYTES -> Figures.number(anyAmount) + " B";
    };
  }

  /** Whether both are of the same subject and operation. */
  public boolean isOfTheSame(Cost other) {
    return subject.equals(other.subject) && operation.equals(other.operation);
  }
}
