package io.timelog.internal.manifest;

/**
 * How far the log of a partition window is in segments.
 *
 * @param table id of its table
 * @param first first timestamp of the window
 * @param serial what the log has of this serial of the window, and of earlier ones, is in segments
 */
public record FlushedWindow(int table, long first, long serial) {}
