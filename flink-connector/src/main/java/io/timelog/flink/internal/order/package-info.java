/**
 * Operators that bring a keyed stream into order: {@link
 * io.timelog.flink.internal.order.SortOperator} by event time, {@link
 * io.timelog.flink.internal.order.DeduplicateOperator} by leaving out what comes again.
 */
@NullMarked
package io.timelog.flink.internal.order;

import org.jspecify.annotations.NullMarked;
