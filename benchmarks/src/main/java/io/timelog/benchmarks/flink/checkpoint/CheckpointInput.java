package io.timelog.benchmarks.flink.checkpoint;

/**
 * What is to be weighed in one child JVM.
 *
 * @param shape of the state
 * @param entries of it
 * @param rehearsed whether the work is done before, on a small state, for the compiler
 */
public record CheckpointInput(CheckpointShape shape, int entries, boolean rehearsed) {}
