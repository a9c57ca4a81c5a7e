package io.timelog.summary;

import io.timelog.ByteTarget;
import io.timelog.Codec;
import io.timelog.Span;
import java.nio.ByteBuffer;

/** The kept blocks of one key in the hands of the writer. */
final class WrittenBlocks<A> extends KeyBlocks<A> {
  private final BlockTable table;
  private final Codec<A> codec;
  private final ByteTarget bytes = new ByteTarget();
  private final Span span = new Span();
  private Mark mark;

  /**
   * The blocks of a key.
   *
   * @param mark what is known of them, which is kept already
   */
  WrittenBlocks(Span key, BlockTable table, Codec<A> codec, Deletes deletes, Mark mark) {
    super(key, table::get, codec, deletes);
    this.table = table;
    this.codec = codec;
    this.mark = mark;
  }

  @Override
  void keep(Block block, A summary) {
    note(block);
    int size = codec.size(summary);
    bytes.clear().appendLong(deletes().count()).resize(Long.BYTES + size);
    ByteBuffer target = ByteBuffer.wrap(bytes.bytes(), Long.BYTES, size).slice();
    codec.write(summary, target);
    if (target.hasRemaining()) {
      throw new IllegalStateException(
          "The codec of a summary wrote less than it said: size="
              + size
              + ", written="
              + target.position());
    }
    table.put(key(), block.middle(), span.set(bytes));
  }

  @Override
  void keepSplit(Block block) {
    note(block);
    table.put(key(), block.middle(), span.clear());
  }

  /** Keeps that there is a block of such a level, before there is. */
  private void note(Block block) {
    if (block.level() < mark.lowestLevel()) {
      mark = mark.withLevel(block.level());
      table.put(key(), mark);
    }
  }
}
