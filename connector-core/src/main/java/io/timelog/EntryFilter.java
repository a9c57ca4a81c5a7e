package io.timelog;

/**
 * Says which entries of a {@link Table} are of no use any more, such as those whose time to live
 * has passed. It is asked when memtables are flushed and segments are merged, and an entry that it
 * gives up is not written again. So entries leave some time after they may; who must not see them
 * looks at them when reading. They leave without a trace: no drop listener is told.
 *
 * <p>A flush of a map that has older segments of the same time asks nothing, because an older value
 * would come back. The next merge does.
 *
 * <p>Before a write is refused for lack of memory, the filters of all stores of the budget are
 * asked about everything, and what they give up makes room. That costs as much as to read all of
 * it, with every write that would be refused.
 *
 * <p>Called on the thread that flushes or merges, which may be the writer's, by one thread at a
 * time, once an entry: it should cost little. It must not write to the store, maintain or close it.
 * If it throws, that is logged and counted, and the entry stays.
 */
@FunctionalInterface
public interface EntryFilter {
  /**
   * A flush, a merge or a search for memory begins: what the filter keeps from one entry to the
   * next, such as the time, may have become old since it was last asked. Does nothing by default.
   */
  default void begin() {}

  /**
   * Whether the entry may go. Must give up an entry for good: after {@code true} it may still be
   * asked again, and the entry may still be seen.
   *
   * @param key the key; may be read during the call only, as the other spans
   * @param subkey empty in a multimap
   */
  boolean mayDrop(Span key, long timestamp, Span subkey, Span value);
}
