package io.timelog.benchmarks.spill;

/**
 * What is to be weighed in one child JVM.
 *
 * @param memoryBytes that the engine may take
 * @param timesMemory bytes of keys and values that are retained, as a multiple of it
 * @param keys drawn uniformly
 * @param valueBytes length of a value, a multiple of eight
 * @param longScans scans of all that is retained of one key
 * @param shortScans scans of a sixteenth of that
 */
public record SpillInput(
    long memoryBytes, double timesMemory, int keys, int valueBytes, int longScans, int shortScans) {
  private static final long KEY_BYTES = 8;
  private static final int SHORT_PART = 16;

  /** Bytes of the key and the value of one entry. */
  long entryBytes() {
    return KEY_BYTES + valueBytes;
  }

  /** How many entries are retained, which is how many ticks: one is written in each. */
  long retention() {
    return (long) (timesMemory * memoryBytes) / entryBytes();
  }

  /** How many writes are weighed: as many as would fill the memory. */
  long weighedWrites() {
    return memoryBytes / entryBytes();
  }

  /** Ticks of a short scan. */
  long shortRange() {
    return Math.max(1, retention() / SHORT_PART);
  }

  /** The same with less of everything, to be done before. */
  SpillInput rehearsal(long mostMemoryBytes) {
    return new SpillInput(
        Math.min(memoryBytes, mostMemoryBytes),
        Math.min(timesMemory, 2),
        keys,
        valueBytes,
        longScans,
        shortScans);
  }
}
