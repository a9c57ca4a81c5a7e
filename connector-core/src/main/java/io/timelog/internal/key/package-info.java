/**
 * Keys as the engine sees them: bytes, a 32-bit hash of these bytes, and the key group they belong
 * to.
 *
 * <p>{@link io.timelog.internal.key.Key} is what travels through the engine; {@link
 * io.timelog.internal.key.KeyHash} is the one place that turns bytes into a hash; {@link
 * io.timelog.internal.key.KeyOrder} is the one place that compares key bytes. The hash is part of
 * the segment format, so it must never change.
 */
@NullMarked
package io.timelog.internal.key;

import org.jspecify.annotations.NullMarked;
