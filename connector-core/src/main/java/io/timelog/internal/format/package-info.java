/**
 * Every byte of a segment, format version 1: one class per layout, which owns its offsets and draws
 * them as a table.
 *
 * <p>Read {@link io.timelog.internal.format.SegmentFormat} first: it shows the whole file and its
 * header. Then {@link io.timelog.internal.format.PageFormat}, where the rows are, and {@link
 * io.timelog.internal.format.KeyIndexFormat}, how a key is found.
 *
 * <p>Integers are little-endian. Unless a table says otherwise they are signed two's complement;
 * lengths and counts are never negative. Every byte of a segment is covered by a CRC-32C or is
 * compared with the one value it may have. Equal inputs give equal bytes: nothing here depends on
 * time, on chance or on the machine.
 *
 * <p>The classes hold no state and know nothing of storage. A released version is never edited; a
 * new one gets classes of its own, and the golden files of the old one keep passing.
 */
@NullMarked
package io.timelog.internal.format;

import org.jspecify.annotations.NullMarked;
