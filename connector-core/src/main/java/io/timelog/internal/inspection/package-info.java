/**
 * Looks at a store in a directory that nobody has open, and changes nothing.
 *
 * <p>{@link io.timelog.internal.inspection.Verification} reads every byte that counts and says what
 * is wrong; {@link io.timelog.internal.inspection.LastToken} reads only as much as tells what was
 * committed last. Both are given a {@link io.timelog.internal.storage.disk.Disk}; that nobody else
 * writes to it meanwhile is for the caller to see to.
 *
 * <p>Verification takes no file's word: a length or a count from a file is compared with the file
 * before memory is taken for it, and damage is a finding, never an exception. What makes a segment
 * or a log whole is known in {@code segment} and {@code journal}; here is known what they are to
 * each other.
 */
@NullMarked
package io.timelog.internal.inspection;

import org.jspecify.annotations.NullMarked;
