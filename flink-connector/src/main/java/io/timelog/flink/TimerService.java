package io.timelog.flink;

import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;
import org.apache.flink.configuration.description.TextElement;

/** Where the timers of a backend are kept. */
public enum TimerService implements DescribedEnum {
  /** In Flink's queues, on the heap. */
  HEAP(
      "On the heap, in Flink's own queues: the fastest, as long as there is room for them. Each"
          + " checkpoint copies and writes all of them."),
  /** In tables of the backend. */
  TIMELOG(
      "In tables of the backend, within the memory of the slot, with the next ones on the heap:"
          + " for many millions of timers.");

  private final String description;

  TimerService(String description) {
    this.description = description;
  }

  @Override
  public InlineElement getDescription() {
    return TextElement.text(description);
  }
}
