/**
 * The timers of operators, which Flink keeps in priority queues beside keyed state.
 *
 * <p>{@link io.timelog.flink.internal.timer.Timers} has the queues of a backend. They are Flink's
 * own, on the heap ({@link io.timelog.flink.internal.timer.HeapTimers}), or tables of the engine
 * with the next timers on the heap ({@link io.timelog.flink.internal.timer.TableTimers}); the
 * option says which. In a snapshot both look alike.
 */
@NullMarked
package io.timelog.flink.internal.timer;

import org.jspecify.annotations.NullMarked;
