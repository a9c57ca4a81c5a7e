/**
 * The segment format, version 1.
 *
 * <h2>Definitions</h2>
 *
 * <p>A <em>segment</em> holds rows of one table in one partition window, sorted and immutable. It
 * is the same bytes in memory, in a directory and in a checkpoint. A <em>row</em> belongs to a key
 * and has a timestamp and a payload, which is an entry or a tombstone ({@link
 * io.timelog.internal.row.RowFormat}). A <em>page</em> holds rows, a <em>block</em> a part of an
 * index; both are read and checked when they are needed, and can be forgotten again. A
 * <em>section</em> is any other part: small, found through the footer, read and checked when the
 * segment is opened. Keys of a page are numbered from 0; the number is the key's <em>ordinal</em>,
 * and the number of its first page with the ordinal in that page its <em>position</em>.
 *
 * <p>Keys are in key order: by key group, then by their bytes as unsigned numbers. Rows of a key
 * are in time order. Rows of equal timestamp are in the order of arrival in a multimap; in a map, a
 * range tombstone comes first, then entries and point tombstones by subkey, as unsigned bytes.
 * Readers find entries by binary search, so these orders are part of the format, and so is the hash
 * of a key ({@link io.timelog.internal.key.KeyHash}).
 *
 * <h2>Overview</h2>
 *
 * <p>The parts follow each other without a gap, each at a multiple of 8:
 *
 * <pre>
 *   header                {@link HeaderFormat}: table, partition window, applied deletes
 *   pages                 {@link PageFormat}: the rows, in key order
 *   key index             {@link KeyIndexFormat}: blocks, from the hash of a key to its position
 *   time index            {@link TimeIndexFormat}: blocks, from a time to positions of keys; only if the
 *                         table indexes time
 *   key index directory   {@link BlockDirectoryFormat}: end and checksum of each block
 *   time index directory  {@link TimeIndexFormat}: first times of its parts, end and checksum of each block
 *   key groups            {@link KeyGroupFormat}: key group to the position of its first key
 *   page directory        {@link PageDirectoryFormat}: place, checksum and bounds of each page
 *   key filter            {@link KeyFilterFormat}: which keys are not there; only if there are many keys
 *   statistics            {@link StatisticsFormat}: counts and bounds of the whole segment
 *   footer                {@link FooterFormat}: places and checksums of all sections
 * </pre>
 *
 * <p>A reader begins at the end ({@link io.timelog.internal.format.SegmentEnvelope}) and reads the
 * sections that the footer names. They lie together behind pages and blocks, all but the header.
 * Then it reads only what it needs: a key that the filter lets pass is found by its hash in one
 * block of the key index, the keys of a range of time in some blocks of the time index, their pages
 * by the bounds in the page directory.
 *
 * <h2>Rules</h2>
 *
 * <ul>
 *   <li>Integers are little-endian. Unless a table says otherwise they are signed two's complement;
 *       lengths and counts are never negative. Bounds of time are closed.
 *   <li>Every byte is covered by a CRC-32C or compared with the one value it may have. Padding is
 *       zero.
 *   <li>Equal inputs give equal bytes: nothing depends on time, on chance or on the machine.
 *   <li>One class per part owns the offsets of its fields. The classes hold no state and know
 *       nothing of storage.
 * </ul>
 *
 * <h2>History</h2>
 *
 * <p>1: the first.
 *
 * <p>Nothing is kept free for what may come, but for the encoding of compressed pages ({@link
 * PageFormat}). What a segment gets later, such as count, sum, minimum and maximum of a value for
 * each page, becomes a section of its own with the version that introduces it; pages need not
 * change for it.
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>A page, a section and the blocks of an index are shorter than 2 GiB, which bounds the keys
 *       of a segment to some 250 million and its pages to some 38 million.
 *   <li>Pages times keys of the fullest page, each rounded up to a power of two, is at most
 *       2<sup>32</sup>: a position has 32 bits.
 *   <li>A key and a payload of it fit one page together.
 * </ul>
 */
@NullMarked
package io.timelog.internal.format.v1;

import org.jspecify.annotations.NullMarked;
