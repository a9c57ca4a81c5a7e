package io.timelog;

import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of an entry of a map, see {@link TableWriter#update}. An implementation
 * without fields, or one that is reused, costs no allocation.
 *
 * <pre>{@code
 * writer.update(key, 0, subkey, (present, value) -> {
 *   long count = present == null ? 0 : present.getLong(0);
 *   value.appendLong(count + 1);
 *   return Editor.Outcome.PUT;
 * });
 * }</pre>
 */
@FunctionalInterface
public interface Editor {
  /** What becomes of the entry. */
  enum Outcome {
    /** It stays as it is; where there is none, none is made. */
    KEEP,
    /** It gets the value that the editor wrote; where there is none, it is made. */
    PUT,
    /** It is removed; where there is none, nothing happens. */
    REMOVE
  }

  /**
   * Decides. Runs on the writer's thread while the store takes no other write: it may read tables
   * and snapshots, but neither write to the store nor use one of its {@link TableWriter}s. Whatever
   * it throws reaches the caller of the update, and nothing has changed.
   *
   * @param present the value that the entry has, null if there is none; valid until this returns
   * @param value gets the new value; empty at first, and of no use to the editor once this returns
   * @return what becomes of the entry; the value counts only with {@link Outcome#PUT}
   */
  Outcome edit(@Nullable Span present, ByteTarget value);
}
