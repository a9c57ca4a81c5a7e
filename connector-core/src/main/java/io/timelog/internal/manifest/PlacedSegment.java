package io.timelog.internal.manifest;

/**
 * Where a segment lies in a directory. Small segments lie behind one another in one file.
 *
 * @param segment what the segment is called everywhere
 * @param file number of the file in the directory
 * @param offset where the segment starts in the file, in bytes
 */
public record PlacedSegment(FileId segment, long file, long offset) {}
