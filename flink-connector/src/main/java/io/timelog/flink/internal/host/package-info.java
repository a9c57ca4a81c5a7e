/**
 * Where the backend meets Flink.
 *
 * <p>{@link io.timelog.flink.internal.host.KeyedBackendBuilder} puts a backend together and has it
 * restored; {@link io.timelog.flink.internal.host.TimelogKeyedStateBackend} only hands out to the
 * packages that do the work.
 */
@NullMarked
package io.timelog.flink.internal.host;

import org.jspecify.annotations.NullMarked;
