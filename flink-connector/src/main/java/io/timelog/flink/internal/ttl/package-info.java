/**
 * State with a time to live, beside what Flink does itself.
 *
 * <p>Flink wraps such states so that what has expired is not seen, and cleans up when a state is
 * accessed and in full snapshots. The engine's part is here: {@link
 * io.timelog.flink.internal.ttl.ExpiredEntries}, which it asks when it writes entries anew.
 */
@NullMarked
package io.timelog.flink.internal.ttl;

import org.jspecify.annotations.NullMarked;
