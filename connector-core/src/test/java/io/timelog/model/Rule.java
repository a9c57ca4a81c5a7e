package io.timelog.model;

/** What may be equal in a table. */
enum Rule {
  /** Equal timestamps of a key are all kept, in the order of arrival. */
  MULTIMAP,
  /** Key, timestamp and subkey are unique; the last write wins. */
  MAP
}
