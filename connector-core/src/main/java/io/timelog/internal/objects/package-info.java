/**
 * Keeps Java objects for a log that stores them as they are: the engine stores an 8-byte handle and
 * the object stays on the heap.
 *
 * <ul>
 *   <li>{@link io.timelog.internal.objects.HandleTable} turns objects into handles and back, and
 *       notices a handle that was freed.
 *   <li>{@link io.timelog.internal.objects.RetiredHandles} decides when a handle may be freed: when
 *       every read that could still meet it is closed.
 * </ul>
 *
 * <p>Neither knows the engine or the public API.
 */
@NullMarked
package io.timelog.internal.objects;

import org.jspecify.annotations.NullMarked;
