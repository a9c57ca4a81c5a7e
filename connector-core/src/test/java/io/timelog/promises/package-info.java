/**
 * One test class per promise that the Javadoc of the engine makes, seen from outside: memory at and
 * near the bound, writes that throw, cost that follows the data, and strangers that misbehave.
 *
 * <p>Only the public API is used, so these tests hold whatever the engine looks like inside. Costs
 * are compared as ratios of CPU time and never with a number of seconds; a time limit only turns a
 * hang into a failure. {@code -Psoak} makes inputs larger.
 */
@NullMarked
package io.timelog.promises;

import org.jspecify.annotations.NullMarked;
