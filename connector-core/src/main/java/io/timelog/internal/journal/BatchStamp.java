package io.timelog.internal.journal;

/**
 * What a batch says beside its items.
 *
 * @param file the number of the file it is in
 * @param batch its number
 * @param commit the number of the commit that it ends; {@link #NO_COMMIT} if it is a part of one
 * @param forced all batches up to this number were durable
 */
record BatchStamp(long file, long batch, long commit, long forced) {
  /** The number in a batch that does not end a commit. */
  static final long NO_COMMIT = 0;

  boolean isCommit() {
    return commit != NO_COMMIT;
  }
}
