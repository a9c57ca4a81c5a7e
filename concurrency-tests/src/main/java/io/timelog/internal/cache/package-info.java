/**
 * Races between readers that hold a part of a segment and whoever needs its memory. Run with
 * jcstress; see CONTRIBUTING.
 */
@NullMarked
package io.timelog.internal.cache;

import org.jspecify.annotations.NullMarked;
