package io.timelog;

/** What becomes of an entry that arrives after {@code deleteBefore} passed its timestamp. */
public enum LateEntries {
  /** It lives: a delete hides only what was written before it. */
  ACCEPT,
  /** It is refused and counted; nothing below the floor is ever stored again. */
  REFUSE
}
