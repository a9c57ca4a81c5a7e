/**
 * A store at one moment as files, and a store made of such files.
 *
 * <ul>
 *   <li>{@link io.timelog.internal.checkpoint.StoreCut}, an export: it holds the sources of all
 *       tables as they were, has those in memory flushed, and describes the segments.
 *   <li>{@link io.timelog.internal.checkpoint.TableImport}, an import: it makes the partition
 *       windows of a table from the files of one or several stores.
 * </ul>
 *
 * <p>Rules: an export changes nothing that readers of the store see. What is flushed for it keeps
 * what was visible at its moment, even if that was deleted since. Versions, floors and tombstones
 * of two stores have nothing to do with each other, and are never compared.
 */
@NullMarked
package io.timelog.internal.checkpoint;

import org.jspecify.annotations.NullMarked;
