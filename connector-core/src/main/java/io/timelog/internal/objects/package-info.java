/**
 * Keeps Java objects for a log that stores them as they are: the engine stores an 8-byte handle and
 * the object stays on the heap. {@link io.timelog.internal.objects.HandleTable} turns objects into
 * handles and back, and notices a handle that was freed.
 *
 * <p>When a handle may be freed is for the engine to say, which knows who still reads. Nothing here
 * knows the engine or the public API.
 */
@NullMarked
package io.timelog.internal.objects;

import org.jspecify.annotations.NullMarked;
