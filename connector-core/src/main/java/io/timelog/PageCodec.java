package io.timelog;

import java.nio.ByteBuffer;

/**
 * Compresses the pages of a store in a directory on their way into files, and decompresses them
 * when they are read from there: a library that the application has, such as LZ4 or Zstandard, of
 * which Timelog knows nothing.
 *
 * <pre>{@code
 * final class Lz4PageCodec implements PageCodec {
 *   private final LZ4Factory lz4 = LZ4Factory.fastestInstance();
 *
 *   public String name() { return "lz4"; }
 *
 *   public boolean compress(ByteBuffer page, ByteBuffer target) {
 *     try {
 *       lz4.fastCompressor().compress(page, target);
 *       return true;
 *     } catch (LZ4Exception noRoom) {
 *       return false;
 *     }
 *   }
 *
 *   public void decompress(ByteBuffer compressed, ByteBuffer page) {
 *     lz4.safeDecompressor().decompress(compressed, page);
 *   }
 * }
 * }</pre>
 *
 * <p>Whatever a codec compresses under a name, every later codec of that name must decompress: the
 * name stands in the files. What is compressed has a checksum, which is compared before a codec
 * sees it.
 *
 * <p>Implementations are thread-safe: any number of threads compress and decompress at a time.
 */
public interface PageCodec {
  /**
   * What the codec is called in files: 1 to 64 letters, digits, hyphens, underscores and dots of
   * ASCII. Always the same.
   */
  String name();

  /**
   * Compresses what {@code page} has left, into {@code target} from its position on.
   *
   * @param page not to be changed but for its position, direct or not
   * @param target has less room than the page has bytes, for what does not become shorter is stored
   *     as it is; its position is behind the compressed bytes afterwards; direct or not
   * @return whether they fit; if not, what was written to the target does not matter
   */
  boolean compress(ByteBuffer page, ByteBuffer target);

  /**
   * Decompresses what {@code compressed} has left, into all that {@code page} has room for: as many
   * bytes as were compressed. Whatever it throws is reported as damage of the file.
   *
   * @param compressed not to be changed but for its position, direct or not
   * @param page its position is at its limit afterwards; direct or not
   */
  void decompress(ByteBuffer compressed, ByteBuffer page);
}
