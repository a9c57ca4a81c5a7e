/**
 * What the operators over keyed streams have in common: which timestamps they take, what becomes of
 * late rows, rows that wait for the watermark, and when rows may be forgotten.
 *
 * <p>Each class is one such thing, made when an operator opens and used by its task's thread. A row
 * is here what is called a record elsewhere, as {@code Record} is a class of Java's.
 *
 * <p>An operator has one service of timers for all purposes ({@link
 * io.timelog.flink.internal.stream.TimerKind}), because timers of one service fire in the order of
 * time, and what is forgotten at a time must have been asked for by then.
 */
@NullMarked
package io.timelog.flink.internal.stream;

import org.jspecify.annotations.NullMarked;
