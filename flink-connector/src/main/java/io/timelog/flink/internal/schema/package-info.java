/**
 * Registration of states: whether a job may go on with what it restored, and what has to be
 * rewritten before.
 *
 * <p>{@link io.timelog.flink.internal.schema.StateRegistration} asks Flink's serializers and acts
 * on their answer; {@link io.timelog.flink.internal.schema.ValueMigration} is what happens to one
 * value. The state is rewritten as a whole when it is registered, into a table of its own, so that
 * a failure leaves the old one as it was.
 */
@NullMarked
package io.timelog.flink.internal.schema;

import org.jspecify.annotations.NullMarked;
