/**
 * The catalogue of a store at one moment: its tables with their settings and deletes, and the files
 * that hold their rows. What an export hands out beside its files, and what an import begins with.
 *
 * <p>Start with {@link io.timelog.internal.manifest.Manifest}; {@link
 * io.timelog.internal.manifest.ManifestFormat} is the document of its bytes, and {@link
 * io.timelog.internal.manifest.FileId} the name of a file, which no other file ever has. A {@link
 * io.timelog.internal.manifest.StoreManifest} is what a store in a directory keeps: such a
 * catalogue as of a commit, and where in the directory everything lies. Values only: nothing here
 * opens a file or holds memory of a store.
 */
@NullMarked
package io.timelog.internal.manifest;

import org.jspecify.annotations.NullMarked;
