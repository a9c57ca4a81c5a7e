package io.timelog.benchmarks.engine;

import java.nio.file.Path;

/**
 * What an engine is told at the start.
 *
 * @param valueBytes the length of every value, a multiple of eight
 * @param retention ticks after which an entry may be forgotten
 * @param directory an existing, empty directory for the files of the engine
 */
public record EngineSettings(int valueBytes, long retention, Path directory) {}
