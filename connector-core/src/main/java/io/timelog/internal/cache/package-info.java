/**
 * The parts of segments that readers use: pages, and blocks of indexes.
 *
 * <p>{@link io.timelog.internal.cache.Parts} are what a segment reads through. Where its bytes are
 * in memory anyway, a part stays for ever ({@link io.timelog.internal.cache.ResidentParts}). Where
 * they are in a file, a part is read when it is asked for and stays while somebody needs it or
 * nobody needs its memory more ({@link io.timelog.internal.cache.CachedParts}).
 *
 * <p>There is one {@link io.timelog.internal.cache.PageCache} for each memory budget. It takes what
 * is left of the budget, gives it up before anybody else is refused, and evicts by a clock: what
 * was used again since the hand came by stays for another round.
 *
 * <p>A reader keeps a part in memory by a {@link io.timelog.internal.cache.Hold}, one for each of
 * its cursors. A cursor that moves on moves its hold; whoever forgets a cursor forgets a hold, so
 * all holds of a reader end with the reader.
 *
 * <p>Who walks from part to part has the next ones read with the one that is asked for, more of
 * them each time.
 *
 * <p>Nothing here knows what the bytes mean: a {@link io.timelog.internal.cache.PartReader} checks
 * them once, when they come into memory.
 */
@NullMarked
package io.timelog.internal.cache;

import org.jspecify.annotations.NullMarked;
