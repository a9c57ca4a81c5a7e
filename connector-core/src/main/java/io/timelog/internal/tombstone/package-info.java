/**
 * Deletes over all keys of a table: half-open ranges of time, each with the version at which it was
 * written, and the rule by which they hide entries.
 */
@NullMarked
package io.timelog.internal.tombstone;

import org.jspecify.annotations.NullMarked;
