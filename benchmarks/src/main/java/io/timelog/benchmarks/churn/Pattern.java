package io.timelog.benchmarks.churn;

/**
 * One way to use a table, at one size. A pattern is used once, for one engine; two patterns of one
 * kind and size ask the same of their engines.
 */
interface Pattern {
  /** The table that it needs. */
  TableShape table();

  /** Brings the table into the state in which the pattern starts. Not measured. */
  default void prepare(ChurnEngine engine) {}

  /** How many operations follow. */
  int operations();

  /** What the costs of all operations are divided by. */
  default long units() {
    return operations();
  }

  /** Makes the input of operation {@code number}. Not measured. */
  Step step(int number);

  /** Does one operation; returns what it read. Measured. */
  long apply(ChurnEngine engine, Step step);

  /** Lets go of what the pattern keeps open. */
  default void end() {}

  /** Input of one operation; what a pattern does not need is empty. */
  final class Step {
    private static final byte[] NONE = new byte[0];

    private final byte[] key;
    private final long timestamp;
    private final byte[] subkey;
    private final byte[] value;

    Step(byte[] key, long timestamp, byte[] subkey, byte[] value) {
      this.key = key;
      this.timestamp = timestamp;
      this.subkey = subkey;
      this.value = value;
    }

    byte[] key() {
      return key;
    }

    long timestamp() {
      return timestamp;
    }

    byte[] subkey() {
      return subkey;
    }

    byte[] value() {
      return value;
    }

    static Step of(byte[] key, long timestamp) {
      return new Step(key, timestamp, NONE, NONE);
    }

    static Step of(byte[] key, long timestamp, byte[] value) {
      return new Step(key, timestamp, NONE, value);
    }
  }
}
