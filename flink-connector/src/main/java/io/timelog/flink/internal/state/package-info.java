/**
 * What a job holds in its hands: value, list, reducing and aggregating state on a table of the
 * engine. Maps are in {@link io.timelog.flink.internal.map}.
 *
 * <p>{@link io.timelog.flink.internal.state.TableState} is what all kinds have in common: where the
 * entries of the current key and namespace lie, how values become bytes, and what a query of
 * another thread is answered. Everything else is for the task's thread. No call leaves a reader of
 * the engine open, because nobody would close it.
 */
@NullMarked
package io.timelog.flink.internal.state;

import org.jspecify.annotations.NullMarked;
