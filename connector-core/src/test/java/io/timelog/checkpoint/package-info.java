/** Exports and imports of stores, through the public API only. */
@NullMarked
package io.timelog.checkpoint;

import org.jspecify.annotations.NullMarked;
