package io.timelog.kafka;

/**
 * The settings of Timelog stores, to be put into the configuration of the application beside those
 * of {@link org.apache.kafka.streams.StreamsConfig}.
 */
public final class TimelogStoreConfig {
  /**
   * {@value}: the memory, in bytes, that all Timelog stores of one application in one process may
   * hold together. A whole number, at least 1; by default half of the largest heap, because the
   * memory is taken outside the heap and the JVM bounds both alike unless told otherwise ({@code
   * -XX:MaxDirectMemorySize}). What does not fit goes to the directory of the task, if the store is
   * of the persistent kind; else a put that does not fit fails with a {@link
   * org.apache.kafka.streams.errors.ProcessorStateException} and changes nothing.
   */
  public static final String MEMORY_BUDGET_BYTES = "timelog.memory.budget.bytes";

  private TimelogStoreConfig() {}
}
