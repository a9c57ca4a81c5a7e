package io.timelog.flink.internal.stream;

import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.Triggerable;

/**
 * An operator whose timers are all of event time.
 *
 * @param <K> the type of the keys
 */
public interface EventTimers<K> extends Triggerable<K, TimerKind> {
  @Override
  default void onProcessingTime(InternalTimer<K, TimerKind> timer) {
    throw new IllegalStateException("There are no timers of processing time here: " + timer);
  }
}
