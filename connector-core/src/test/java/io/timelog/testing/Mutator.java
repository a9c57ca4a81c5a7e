package io.timelog.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Changes bytes as disks and fuzzers do. Seeded, so that each change can be made again. The bytes
 * that are given stay as they are. Not thread-safe.
 */
public final class Mutator {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    7,
    8,
    64,
    0x7F,
    0x80,
    0xFF,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -1,
    -8,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final int SECTOR_BYTES = 64;
  private static final int MOST_CHANGES = 4;

  private final SplittableRandom random;

  /** Makes the changes of a seed. */
  public Mutator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Flips one bit. */
  public byte[] flipBit(byte[] bytes) {
    byte[] changed = bytes.clone();
    if (changed.length > 0) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return changed;
  }

  /** Leaves a part from the front on. */
  public byte[] truncate(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
  }

  /** Does some of everything, in some places. */
  public byte[] mutate(byte[] bytes) {
    byte[] changed = bytes;
    for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
      changed = change(changed);
    }
    return changed;
  }

  private byte[] change(byte[] bytes) {
    if (bytes.length == 0) {
      return append(bytes);
    }
    return switch (random.nextInt(9)) {
      case 0, 1 -> flipBit(bytes);
      case 2, 3, 4 -> setNumber(bytes);
      case 5 -> clearSector(bytes);
      case 6 -> copySector(bytes);
      case 7 -> append(bytes);
      default -> cut(bytes);
    };
  }

  /** A number of 1, 2, 4 or 8 bytes is another one, one of those that bounds are made of. */
  private byte[] setNumber(byte[] bytes) {
    int size = 1 << random.nextInt(4);
    byte[] changed = bytes.clone();
    if (changed.length >= size) {
      long number =
          random.nextInt(4) == 0
              ? changed.length + random.nextInt(-1, 2)
              : NUMBERS[random.nextInt(NUMBERS.length)];
      byte[] encoded =
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
      int at = random.nextInt(changed.length - size + 1) & -size;
      System.arraycopy(encoded, 0, changed, at, size);
    }
    return changed;
  }

  private byte[] clearSector(byte[] bytes) {
    byte[] changed = bytes.clone();
    int from = random.nextInt(changed.length);
    Arrays.fill(changed, from, Math.min(changed.length, from + SECTOR_BYTES), (byte) 0);
    return changed;
  }

  /** A sector is written to the wrong place. */
  private byte[] copySector(byte[] bytes) {
    byte[] changed = bytes.clone();
    int from = random.nextInt(changed.length);
    int to = random.nextInt(changed.length);
    int length = Math.min(SECTOR_BYTES, changed.length - Math.max(from, to));
    System.arraycopy(bytes, from, changed, to, length);
    return changed;
  }

  private byte[] append(byte[] bytes) {
    byte[] changed = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(SECTOR_BYTES));
    if (random.nextBoolean()) {
      for (int i = bytes.length; i < changed.length; i++) {
        changed[i] = (byte) random.nextInt();
      }
    }
    return changed;
  }

  /** Some bytes are left out, and those behind them move up. */
  private byte[] cut(byte[] bytes) {
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(SECTOR_BYTES));
    byte[] changed = Arrays.copyOf(bytes, bytes.length - (to - from));
    System.arraycopy(bytes, to, changed, from, bytes.length - to);
    return changed;
  }
}
