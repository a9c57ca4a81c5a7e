package io.timelog.kafka.internal.host;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimelogException;
import io.timelog.kafka.TimelogStoreConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.ProcessorStateException;

/**
 * A record of a changelog that cannot be restored, in words for whoever has to mend it: which one,
 * why, and what helps. Every start reads the record again, so trying again alone never does.
 */
final class RestoreFailure {
  private static final String NO_ROOM =
      " The record is good and stays in the topic. Raise "
          + TimelogStoreConfig.MEMORY_BUDGET_BYTES
          + ", or give the instance fewer tasks; the next start goes on after the last commit.";

  private static final String NOT_CARRIED_OUT =
      " The record stays in the topic; the next start goes on after the last commit.";

  private static final String NOT_OURS =
      ". This store cannot have written the record, and wiping the state directory would only have"
          + " it read again. If another version of the application wrote it, run that version; if"
          + " the topic belongs to another store, name this one otherwise; if the topic is damaged,"
          + " delete it with kafka-streams-application-reset and the state is built anew from the"
          + " input.";

  private RestoreFailure() {}

  /**
   * The failure.
   *
   * @param place the store and the task
   * @param cause an error of the engine, or whatever is wrong with the record
   */
  static ProcessorStateException of(
      String place, ConsumerRecord<?, ?> record, RuntimeException cause) {
    return new ProcessorStateException(
        "Restore from the changelog failed: "
            + place
            + ", partition="
            + record.topic()
            + "-"
            + record.partition()
            + ", offset="
            + record.offset()
            + ", cause="
            + cause.getMessage()
            + remedy(cause),
        cause);
  }

  private static String remedy(RuntimeException cause) {
    if (cause instanceof MemoryBudgetExceededException) {
      return NO_ROOM;
    }
    return cause instanceof TimelogException ? NOT_CARRIED_OUT : NOT_OURS;
  }
}
