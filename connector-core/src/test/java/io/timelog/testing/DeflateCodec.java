package io.timelog.testing;

import io.timelog.PageCodec;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Compresses with what every Java has. Thread-safe. */
public final class DeflateCodec implements PageCodec {
  @Override
  public String name() {
    return "deflate";
  }

  @Override
  public boolean compress(ByteBuffer page, ByteBuffer target) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(page);
      deflater.finish();
      while (!deflater.finished() && target.hasRemaining()) {
        deflater.deflate(target);
      }
      return deflater.finished();
    } finally {
      deflater.end();
    }
  }

  @Override
  public void decompress(ByteBuffer compressed, ByteBuffer page) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(compressed);
      while (page.hasRemaining()) {
        if (inflater.inflate(page) == 0) {
          throw new IllegalArgumentException("The compressed bytes end too early");
        }
      }
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e);
    } finally {
      inflater.end();
    }
  }
}
