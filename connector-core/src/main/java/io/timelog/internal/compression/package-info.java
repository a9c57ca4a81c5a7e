/**
 * How segments lie in the files of a directory: as they are, or with their pages compressed.
 *
 * <p>A segment is the same bytes wherever it is kept. Compression changes none of them: it is a
 * matter of the files of one directory alone, below all that reads segments and beside the formats
 * of these. So what is in memory is read where it lies, and exports have segments as they are.
 *
 * <p>{@link io.timelog.internal.compression.CompressedOutput} writes a segment in pieces, {@link
 * io.timelog.internal.compression.StoredSegment} reads it again at any place, whichever way it
 * lies; {@code CompressedFormat} is the document of the format. {@link
 * io.timelog.internal.compression.PageCodecs} are those that a store was given.
 *
 * <p>Nothing is handed to a codec before its checksum was compared, and no memory is taken for a
 * length before that was found to be one that is written.
 */
@NullMarked
package io.timelog.internal.compression;

import org.jspecify.annotations.NullMarked;
