/**
 * What a table consists of at one moment: {@link io.timelog.internal.view.TableView}, an immutable
 * list of {@linkplain io.timelog.internal.view.PartitionWindow partition windows}, each with its
 * {@linkplain io.timelog.internal.view.Source sources} of rows from the oldest to the newest, and
 * the deletes that are still to be applied.
 *
 * <p>The engine publishes a change by replacing the whole view, so whoever holds a view holds a
 * consistent state. A view holds its sources, and a source frees its memory when the last view that
 * has it is let go.
 */
@NullMarked
package io.timelog.internal.view;

import org.jspecify.annotations.NullMarked;
