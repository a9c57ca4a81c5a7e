/**
 * Flink jobs on this backend, with a real Kafka source and sink, that are killed, stopped, restored
 * and rescaled: they give exactly what they give on Flink's heap backend with nobody disturbed.
 *
 * <p>Here they run on a cluster in the process of the tests; {@code process} has a cluster of
 * processes, and {@code job} the job.
 */
@NullMarked
package io.timelog.integration.flink;

import org.jspecify.annotations.NullMarked;
