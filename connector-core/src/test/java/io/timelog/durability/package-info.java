/**
 * Stores in directories: what they keep when they are closed, when the process dies, when the power
 * fails and when the file system refuses.
 */
@NullMarked
package io.timelog.durability;

import org.jspecify.annotations.NullMarked;
