/**
 * Races at the gate: a second writer, and a snapshot that is taken while a write goes on. Run with
 * jcstress; see CONTRIBUTING.
 */
@NullMarked
package io.timelog.internal.engine;

import org.jspecify.annotations.NullMarked;
