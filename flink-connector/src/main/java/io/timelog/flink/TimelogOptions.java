package io.timelog.flink;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

/** The settings of the Timelog state backend, in the configuration of a cluster or a job. */
public final class TimelogOptions {
  /**
   * {@code state.backend.timelog.memory.fixed-per-slot}: memory for state in each slot, instead of
   * a share of the managed memory.
   */
  public static final ConfigOption<MemorySize> FIXED_MEMORY_PER_SLOT =
      ConfigOptions.key("state.backend.timelog.memory.fixed-per-slot")
          .memoryType()
          .noDefaultValue()
          .withDescription(
              "Memory that all states in a slot may take together, outside the heap and beside"
                  + " what Flink manages. If it is not set, they get the share of the slot's"
                  + " managed memory that taskmanager.memory.managed.consumer-weights gives to"
                  + " STATE_BACKEND. State that does not fit moves to files.");

  /**
   * {@code state.backend.timelog.localdir}: where state goes that does not fit into memory, instead
   * of the working directory of the task manager.
   */
  public static final ConfigOption<String> LOCAL_DIRECTORIES =
      ConfigOptions.key("state.backend.timelog.localdir")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Directories of the machine for the state that does not fit into memory, as absolute"
                  + " paths that are separated by commas; each operator uses one of them. If it is"
                  + " not set, state goes to the working directory of the task manager. Whatever is"
                  + " there is deleted with the task, or when another task starts that finds the"
                  + " directory of a dead process.");

  /**
   * {@code state.backend.timelog.checkpoint.transfer.thread.num}: threads of each operator that
   * store and read the files of checkpoints.
   */
  public static final ConfigOption<Integer> TRANSFER_THREADS =
      ConfigOptions.key("state.backend.timelog.checkpoint.transfer.thread.num")
          .intType()
          .defaultValue(4)
          .withDescription(
              "How many files of a checkpoint each operator with keyed state stores, or reads in a"
                  + " restore, at the same time. The threads end when there is nothing to do.");

  /** {@code state.backend.timelog.timer-service.factory}: where timers are kept. */
  public static final ConfigOption<TimerService> TIMER_SERVICE_FACTORY =
      ConfigOptions.key("state.backend.timelog.timer-service.factory")
          .enumType(TimerService.class)
          .defaultValue(TimerService.HEAP)
          .withDescription(
              "Where the timers of operators are kept. It may be changed between two runs of a"
                  + " job.");

  private TimelogOptions() {}
}
