package io.timelog.internal.checkpoint;

import io.timelog.FileSource;
import io.timelog.internal.manifest.Manifest;
import io.timelog.internal.manifest.SegmentEntry;

/**
 * An exported store from which key groups are imported.
 *
 * @param files opens its files
 * @param firstGroup the first of the key groups
 * @param lastGroup the last of them, included
 */
record ParentStore(Manifest manifest, FileSource files, int firstGroup, int lastGroup) {
  /** Whether any key of a segment is wanted. */
  boolean wantsSomeOf(SegmentEntry segment) {
    return firstGroup <= segment.lastGroup() && segment.firstGroup() <= lastGroup;
  }

  /** The length of the files of which anything is wanted. */
  long wantedBytes() {
    return manifest.segments().filter(this::wantsSomeOf).mapToLong(SegmentEntry::length).sum();
  }

  /** Whether every key of a segment is wanted. */
  boolean wantsAllOf(SegmentEntry segment) {
    return firstGroup <= segment.firstGroup() && segment.lastGroup() <= lastGroup;
  }
}
