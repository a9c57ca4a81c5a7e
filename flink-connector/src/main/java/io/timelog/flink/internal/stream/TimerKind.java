package io.timelog.flink.internal.stream;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.EnumSerializer;

/** What an operator has set a timer for. The order is that of serialized timers: only add. */
public enum TimerKind {
  /** Rows that nobody needs any more are deleted. */
  EXPIRE,

  /** Rows that waited for the watermark go on. */
  RELEASE,

  /** A row of the left side finds no other any more. */
  LEFT_DECIDED,

  /** A row of the right side finds no other any more. */
  RIGHT_DECIDED;

  /** The name under which operators register their timers. */
  public static final String SERVICE = "timelog-timers";

  /** Writes kinds of timers. */
  public static TypeSerializer<TimerKind> serializer() {
    return new EnumSerializer<>(TimerKind.class);
  }
}
