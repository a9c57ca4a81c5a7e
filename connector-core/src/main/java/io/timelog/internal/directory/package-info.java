/**
 * The files of a store in a directory, and which of them count.
 *
 * <p>A store is what its newest valid manifest names. {@link
 * io.timelog.internal.directory.ManifestFiles} writes and finds manifests; {@code StoreFile} says
 * how files are called. All files are written and read through a {@link
 * io.timelog.internal.storage.disk.Disk}; what is durable when is decided here.
 */
@NullMarked
package io.timelog.internal.directory;

import org.jspecify.annotations.NullMarked;
