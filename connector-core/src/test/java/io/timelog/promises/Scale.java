package io.timelog.promises;

/** How large the inputs are: {@code -Dpromises.scale=8}, or {@code -Psoak}. */
final class Scale {
  private static final int FACTOR = Integer.getInteger("promises.scale", 1);

  private Scale() {}

  /** So many of something in a normal build. */
  static int of(int normal) {
    return normal * FACTOR;
  }

  /** So many bytes in a normal build. */
  static long bytes(long normal) {
    return normal * FACTOR;
  }

  /** Whether there is time and memory for inputs that a normal build leaves out. */
  static boolean isSoak() {
    return FACTOR > 1;
  }
}
