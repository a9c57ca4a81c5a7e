package io.timelog.model;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;

/** What keys look like. */
enum KeyShape {
  /** Eight bytes each. */
  LONGS {
    @Override
    Bytes key(int index, SplittableRandom random) {
      byte[] bytes = new byte[Long.BYTES];
      long bits = index * 0x9E3779B97F4A7C15L;
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (bits >>> (8 * i));
      }
      return Bytes.of(bytes);
    }
  },
  /** The empty key, prefixes of each other, bytes from both ends of the unsigned order. */
  PREFIXES {
    @Override
    Bytes key(int index, SplittableRandom random) {
      byte[] bytes = new byte[random.nextInt(index < 10 ? 3 : 12)];
      byte[] alphabet = {0, 1, 'a', 0x7f, (byte) 0x80, (byte) 0xff};
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = alphabet[random.nextInt(alphabet.length)];
      }
      return Bytes.of(bytes);
    }
  },
  /** Up to two thousand bytes, most of them the same. */
  LONG_PREFIX {
    @Override
    Bytes key(int index, SplittableRandom random) {
      byte[] bytes = new byte[4 + random.nextInt(random.nextInt(20) == 0 ? 2_000 : 60)];
      for (int i = 0; i < 4; i++) {
        bytes[bytes.length - 1 - i] = (byte) (index >>> (8 * i));
      }
      return Bytes.of(bytes);
    }
  };

  abstract Bytes key(int index, SplittableRandom random);

  /** {@code count} different keys. */
  Bytes[] keys(int count, SplittableRandom random) {
    Set<Bytes> keys = new LinkedHashSet<>();
    for (int index = 0; keys.size() < count; index++) {
      keys.add(key(index, random));
    }
    return keys.toArray(new Bytes[0]);
  }
}
