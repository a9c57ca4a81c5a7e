package io.timelog.benchmarks.churn;

/**
 * All that an engine holds that lives.
 *
 * @param entries how many
 * @param bytes of their keys, timestamps (8 each), subkeys and values
 * @param sum over {@link Sums#entry}, in any order
 */
record Contents(long entries, long bytes, long sum) {
  static final Contents NONE = new Contents(0, 0, 0);

  Contents with(byte[] key, long timestamp, byte[] subkey, byte[] value) {
    return new Contents(
        entries + 1,
        bytes + key.length + Long.BYTES + subkey.length + value.length,
        sum + Sums.entry(key, timestamp, subkey, value));
  }
}
