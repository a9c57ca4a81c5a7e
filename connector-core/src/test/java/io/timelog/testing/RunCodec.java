package io.timelog.testing;

import io.timelog.PageCodec;
import java.nio.ByteBuffer;

/**
 * Stores equal bytes that follow each other as their number and one of them: so simple that golden
 * files can be written by hand. Thread-safe.
 *
 * @param name what it is called
 */
public record RunCodec(String name) implements PageCodec {
  private static final int LONGEST_RUN = 255;

  @Override
  public boolean compress(ByteBuffer page, ByteBuffer target) {
    while (page.hasRemaining()) {
      byte next = page.get();
      int run = 1;
      while (run < LONGEST_RUN && page.hasRemaining() && page.get(page.position()) == next) {
        page.get();
        run++;
      }
      if (target.remaining() < 2) {
        return false;
      }
      target.put((byte) run).put(next);
    }
    return true;
  }

  @Override
  public void decompress(ByteBuffer compressed, ByteBuffer page) {
    while (compressed.hasRemaining()) {
      int run = compressed.get() & 0xFF;
      byte next = compressed.get();
      for (int i = 0; i < run; i++) {
        page.put(next);
      }
    }
  }
}
