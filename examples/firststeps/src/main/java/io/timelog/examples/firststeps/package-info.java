/**
 * The engine alone: no broker, no framework, nothing to install.
 *
 * <p>{@link io.timelog.examples.firststeps.FirstSteps} is a program to run. Its test, {@code
 * FirstStepsTest}, is a tutorial to read: what the engine does, one step at a time.
 */
@NullMarked
package io.timelog.examples.firststeps;

import org.jspecify.annotations.NullMarked;
