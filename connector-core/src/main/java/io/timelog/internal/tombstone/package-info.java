/**
 * Deletes over all keys of a table: closed ranges of time, each with the version at which it was
 * written, and the rule by which they hide entries. Closed, because every {@code long} is a valid
 * timestamp, so that a range that ends with time itself has no end to exclude. Ranges of the public
 * API are half-open and are turned into closed ones where they enter.
 */
@NullMarked
package io.timelog.internal.tombstone;

import org.jspecify.annotations.NullMarked;
