package io.timelog.internal.manifest;

/**
 * A segment in a manifest.
 *
 * @param file its file, which holds it from the first byte to the last
 * @param length the length of the file in bytes
 * @param checksum the checksum of the footer, which covers the checksums of everything else
 * @param firstGroup the smallest key group of its keys
 * @param lastGroup the largest key group of its keys
 * @param minTimestamp the smallest timestamp of its rows
 * @param maxTimestamp the largest timestamp of its rows
 */
public record SegmentEntry(
    FileId file,
    long length,
    int checksum,
    int firstGroup,
    int lastGroup,
    long minTimestamp,
    long maxTimestamp) {}
