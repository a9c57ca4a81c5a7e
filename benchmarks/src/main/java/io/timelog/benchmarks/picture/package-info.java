/**
 * Results as drawings. {@link io.timelog.benchmarks.picture.DotPlot} turns {@link
 * io.timelog.benchmarks.picture.Panel}s of durations into SVG, in one of two {@link
 * io.timelog.benchmarks.picture.Palette}s. The same panels give the same bytes, so that a committed
 * picture can be compared with what its results render to. Nothing here measures or reads a file.
 */
@NullMarked
package io.timelog.benchmarks.picture;

import org.jspecify.annotations.NullMarked;
