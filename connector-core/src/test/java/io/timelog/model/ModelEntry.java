package io.timelog.model;

import java.util.Comparator;

/**
 * An entry of the model.
 *
 * @param group key group of the key
 * @param side zero for an entry; -1 and 1 for a bound that sorts before or after all entries of its
 *     timestamp
 * @param arrival order of arrival in a multimap; zero in a map, where the subkey tells entries of
 *     one timestamp apart
 */
record ModelEntry(
    Bytes key, int group, long timestamp, int side, Bytes subkey, long arrival, Bytes value) {
  private static final Comparator<ModelEntry> BY_SUBKEY_AND_ARRIVAL =
      Comparator.comparing(ModelEntry::subkey).thenComparingLong(ModelEntry::arrival);

  /** Order of the entries of one key. */
  static final Comparator<ModelEntry> WITHIN_KEY =
      Comparator.comparingLong(ModelEntry::timestamp)
          .thenComparingInt(ModelEntry::side)
          .thenComparing(BY_SUBKEY_AND_ARRIVAL);

  /** Order of {@code scanAll}. */
  static final Comparator<ModelEntry> TIME_ORDER =
      Comparator.comparingLong(ModelEntry::timestamp)
          .thenComparingInt(ModelEntry::side)
          .thenComparingInt(ModelEntry::group)
          .thenComparing(ModelEntry::key)
          .thenComparing(BY_SUBKEY_AND_ARRIVAL);

  /** Order of {@code scanByKey} inside one partition window. */
  static final Comparator<ModelEntry> KEY_ORDER =
      Comparator.comparingInt(ModelEntry::group)
          .thenComparing(ModelEntry::key)
          .thenComparing(WITHIN_KEY);

  static ModelEntry of(
      Bytes key, int group, long timestamp, Bytes subkey, long arrival, Bytes value) {
    return new ModelEntry(key, group, timestamp, 0, subkey, arrival, value);
  }

  /** A bound that sorts before every entry of {@code timestamp}. */
  static ModelEntry before(long timestamp) {
    return new ModelEntry(Bytes.EMPTY, 0, timestamp, -1, Bytes.EMPTY, 0, Bytes.EMPTY);
  }

  /** A bound that sorts after every entry of {@code timestamp}. */
  static ModelEntry after(long timestamp) {
    return new ModelEntry(Bytes.EMPTY, 0, timestamp, 1, Bytes.EMPTY, 0, Bytes.EMPTY);
  }

  @Override
  public String toString() {
    return "("
        + key
        + " @"
        + timestamp
        + (subkey.length() == 0 ? "" : " /" + subkey)
        + " = "
        + value
        + ")";
  }
}
