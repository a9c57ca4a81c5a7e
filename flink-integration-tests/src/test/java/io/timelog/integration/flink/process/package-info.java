/**
 * A job on a cluster of processes, as Flink's scripts start them, with the jar of this backend in
 * {@code lib/} or in the jar of the job.
 */
@NullMarked
package io.timelog.integration.flink.process;

import org.jspecify.annotations.NullMarked;
