/**
 * A keyed state backend for Apache Flink that keeps all state in Timelog.
 *
 * <p>A job is switched to it by configuration alone: {@code state.backend.type:
 * io.timelog.flink.TimelogStateBackendFactory}. {@link io.timelog.flink.TimelogOptions} has the
 * settings.
 *
 * <p>Words that two projects use: a <em>snapshot</em> here is Flink's, of all state for a
 * checkpoint or savepoint; a <em>window</em> is the streaming window. The engine's are named as
 * such.
 */
@NullMarked
package io.timelog.flink;

import org.jspecify.annotations.NullMarked;
