package io.timelog;

/**
 * A table in numbers, taken without stopping anybody; each number is right for some moment during
 * the call.
 *
 * @param windows partition windows that hold anything
 * @param memtableEntries rows in the memtable, sealed or not, replaced and tombstone rows included
 * @param memtableBytes bytes of the memtable, sealed or not
 * @param level0Segments flushed segments
 * @param level1Segments compacted segments
 * @param segmentEntries rows in segments, tombstone rows included
 * @param segmentBytes bytes of segments
 * @param tombstones deletes over all keys that are not yet applied physically
 * @param floor the newest cutoff of {@code deleteBefore}; {@link Long#MIN_VALUE} if there was none
 * @param lateEntries entries refused because they were below the floor
 * @param droppedEntries rows, replaced and tombstone rows included, of the partition windows that
 *     deletes over all keys dropped whole since the table was made
 * @param filteredEntries entries that the entry filter gave up and that were not written again
 * @param filterFailures how often the entry filter threw
 * @param snapshotAgeMillis milliseconds since the table moved on from what the oldest open snapshot
 *     or cursor reads, and so keeps from being freed; 0 if all that are open read the present
 */
public record TableStats(
    int windows,
    long memtableEntries,
    long memtableBytes,
    int level0Segments,
    int level1Segments,
    long segmentEntries,
    long segmentBytes,
    int tombstones,
    long floor,
    long lateEntries,
    long droppedEntries,
    long filteredEntries,
    long filterFailures,
    long snapshotAgeMillis) {
  /** About how many entries the table holds, hidden ones included. */
  public long sizeEstimate() {
    return memtableEntries + segmentEntries;
  }
}
