/**
 * Time-indexed state on any map state of Flink: a list of values, a <em>bucket</em>, for each
 * timestamp.
 *
 * <p>{@link io.timelog.flink.internal.bucket.Binding} chooses: map state of the Timelog backend has
 * a form of its own, for every other one there is {@link
 * io.timelog.flink.internal.bucket.BucketedState}, which knows nothing of how the map is stored and
 * uses it as any function would.
 */
@NullMarked
package io.timelog.flink.internal.bucket;

import org.jspecify.annotations.NullMarked;
