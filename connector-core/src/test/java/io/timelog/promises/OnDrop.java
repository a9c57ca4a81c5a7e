package io.timelog.promises;

import io.timelog.TableDropListener;

/** What a test does when an entry of a table is dropped, if it does not care which. */
@FunctionalInterface
interface OnDrop {
  void dropped();

  /** A listener that does so for every entry. */
  static TableDropListener listener(OnDrop action) {
    return (key, timestamp, subkey, value) -> action.dropped();
  }
}
