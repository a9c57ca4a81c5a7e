/**
 * How long a store keeps what it was given.
 *
 * <p>{@link io.timelog.kafka.internal.expiry.Retention} follows stream time and says what is live;
 * {@link io.timelog.kafka.internal.expiry.Expiry} is the one millisecond in which stores differ.
 * {@link io.timelog.kafka.internal.expiry.ExpiringStore} is what window and session stores have in
 * common, and {@link io.timelog.kafka.internal.expiry.ExpiringSupplier} what their suppliers have.
 */
@NullMarked
package io.timelog.kafka.internal.expiry;

import org.jspecify.annotations.NullMarked;
