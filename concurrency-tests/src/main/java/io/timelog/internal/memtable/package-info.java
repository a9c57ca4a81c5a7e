/**
 * Races between a reader of a window and the writer that goes on to write there. Run with jcstress;
 * see CONTRIBUTING.
 */
@NullMarked
package io.timelog.internal.memtable;

import org.jspecify.annotations.NullMarked;
