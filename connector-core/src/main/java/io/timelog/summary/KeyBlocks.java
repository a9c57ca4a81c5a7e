package io.timelog.summary;

import io.timelog.ByteTarget;
import io.timelog.Codec;
import io.timelog.Span;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The kept blocks of one key, as a reader finds them.
 *
 * <p>What is kept of a block is the number of {@link Deletes} when it was summarized, 8 bytes, and
 * the bytes of the summary; or nothing, if the summary was taken back: all that is known then is
 * that the block had many entries.
 */
class KeyBlocks<A> {
  /** What is kept of a block. */
  enum Found {
    /** Nothing. */
    NOTHING,
    /** That it has many entries, or had. */
    SPLIT,
    /** A summary of its entries. */
    SUMMARY
  }

  /** Finds an entry in the table of the blocks; as {@code TableReader.get}. */
  @FunctionalInterface
  interface Lookup {
    boolean get(Span key, long timestamp, Span subkey, ByteTarget target);
  }

  private final Span key;
  private final Lookup lookup;
  private final Codec<A> codec;
  private final Deletes deletes;
  private final ByteTarget kept = new ByteTarget();
  private final Span keptSpan = new Span();

  KeyBlocks(Span key, Lookup lookup, Codec<A> codec, Deletes deletes) {
    this.key = key;
    this.lookup = lookup;
    this.codec = codec;
    this.deletes = deletes;
  }

  final Span key() {
    return key;
  }

  final Deletes deletes() {
    return deletes;
  }

  /** What is known of all blocks; null if there are none. */
  final @Nullable Mark mark() {
    return lookup.get(key, Mark.TIMESTAMP, BlockTable.NO_SUBKEY, kept)
        ? Mark.read(keptSpan.set(kept))
        : null;
  }

  /** Looks for a block, of which {@link #summary()} then is. */
  final Found find(Block block) {
    if (!lookup.get(key, block.middle(), BlockTable.NO_SUBKEY, kept)) {
      return Found.NOTHING;
    }
    return kept.length() == 0 || deletes.touched(block, keptSpan.set(kept).getLong(0))
        ? Found.SPLIT
        : Found.SUMMARY;
  }

  /** The summary that was found last. */
  final A summary() {
    return codec.read(
        ByteBuffer.wrap(kept.bytes(), Long.BYTES, kept.length() - Long.BYTES)
            .slice()
            .asReadOnlyBuffer());
  }

  /** Keeps the summary of a block; a reader does not. */
  void keep(Block block, A summary) {}

  /** Keeps that a block has many entries; a reader does not. */
  void keepSplit(Block block) {}
}
