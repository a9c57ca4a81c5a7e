/**
 * Makes a log of values out of a table of bytes: how a value becomes a payload and comes back, and
 * how entries get from the caller into the engine.
 *
 * <p>Read {@link io.timelog.internal.log.LogWriter} first, which stages an entry or a batch of them
 * and then writes it. {@link io.timelog.internal.log.Payloads} are of two kinds: what a codec makes
 * of values, and handles of objects that stay on the heap, which {@link
 * io.timelog.internal.log.HandleTable} keeps.
 *
 * <p>The values and codecs of users are met here and nowhere below. None of their code runs while
 * the engine is inside a write: whoever writes claims the log, stages, and only then enters the
 * engine. So a slow codec holds no reader up, and one that uses its own log meets a refusal.
 */
@NullMarked
package io.timelog.internal.log;

import org.jspecify.annotations.NullMarked;
