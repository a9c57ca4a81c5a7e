package io.timelog.benchmarks.engine;

import io.timelog.PageCodec;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Pages compressed by LZ4, which both hosts have. Thread-safe. */
final class Lz4PageCodec implements PageCodec {
  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();

  @Override
  public String name() {
    return "lz4";
  }

  @Override
  public boolean compress(ByteBuffer page, ByteBuffer target) {
    try {
      compressor.compress(page, target);
      return true;
    } catch (LZ4Exception noRoom) {
      return false;
    }
  }

  @Override
  public void decompress(ByteBuffer compressed, ByteBuffer page) {
    decompressor.decompress(compressed, page);
  }
}
