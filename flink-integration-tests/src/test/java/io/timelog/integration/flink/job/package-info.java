/**
 * The job, which uses every kind of keyed state, and of whose result every record depends on all
 * state of a key. This package is what is in the jar of the job.
 */
@NullMarked
package io.timelog.integration.flink.job;

import org.jspecify.annotations.NullMarked;
