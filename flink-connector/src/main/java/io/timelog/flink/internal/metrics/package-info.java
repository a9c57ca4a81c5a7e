/** What a backend tells of itself in the metrics of its operator. */
@NullMarked
package io.timelog.flink.internal.metrics;

import org.jspecify.annotations.NullMarked;
