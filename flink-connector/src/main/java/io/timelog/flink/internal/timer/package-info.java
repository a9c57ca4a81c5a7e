/** The timers of operators, which Flink keeps in priority queues beside keyed state. */
@NullMarked
package io.timelog.flink.internal.timer;

import org.jspecify.annotations.NullMarked;
