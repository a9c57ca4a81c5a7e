package io.timelog.benchmarks.flink.job;

/**
 * What a job is given.
 *
 * @param job which one
 * @param events how many, spread over ten minutes of event time
 * @param keys different keys, drawn at random
 * @param chaining whether operators share threads
 * @param rehearsed whether the first part of the events is processed before for the compiler
 */
public record JobInput(JobKind job, int events, int keys, Chaining chaining, boolean rehearsed) {}
