/**
 * Flink's asynchronous state, which it calls version 2.
 *
 * <p>Everything is in memory, so nothing is gained by handing an access to other threads: {@link
 * io.timelog.flink.internal.async.AsyncBackend} answers at once, with the states of the synchronous
 * backend. A job can turn asynchronous state on and off between two runs and keep its state.
 */
@NullMarked
package io.timelog.flink.internal.async;

import org.jspecify.annotations.NullMarked;
