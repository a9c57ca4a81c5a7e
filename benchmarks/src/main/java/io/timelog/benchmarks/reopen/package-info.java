/**
 * How soon state is there again: {@link io.timelog.benchmarks.reopen.ReopenRun} has one {@link
 * io.timelog.benchmarks.durable.DurableState} filled and closed, or killed, opened again, exported
 * and imported. Each of these {@linkplain io.timelog.benchmarks.reopen.Step steps} is done in a JVM
 * of its own, which has just begun, as after a crash.
 */
@NullMarked
package io.timelog.benchmarks.reopen;

import org.jspecify.annotations.NullMarked;
