/**
 * Races between readers that hold a view and the writer that replaces it. Run with jcstress; see
 * CONTRIBUTING.
 */
@NullMarked
package io.timelog.internal.view;

import org.jspecify.annotations.NullMarked;
