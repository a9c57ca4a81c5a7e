/**
 * What the bytes of a segment mean.
 *
 * <p>Each version of the format is a package of its own, whose {@code package-info} is its
 * document; {@link io.timelog.internal.format.v1} is the current one. A released version is never
 * edited: a new one gets classes of its own, and the golden files of the old one keep passing.
 *
 * <p>Here is only what all versions share: {@link io.timelog.internal.format.SegmentEnvelope}, by
 * which a reader tells a segment of any version from other bytes, and {@link
 * io.timelog.internal.format.Checksum}. The classes hold no state and know nothing of storage.
 */
@NullMarked
package io.timelog.internal.format;

import org.jspecify.annotations.NullMarked;
