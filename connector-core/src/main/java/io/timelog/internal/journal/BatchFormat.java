package io.timelog.internal.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Layout of a batch: what is written to the log at once and counts as a whole.
 *
 * <pre>
 *   offset  size  field
 *        0     4  length of the batch in bytes, a multiple of 8
 *        4     4  checksum: CRC-32C of the bytes from 8 to the end
 *        8     1  kind: {@value #PART} a part of a commit, {@value #COMMIT} the last part of it
 *        9     3  0
 *       12     4  count of items
 *       16     8  number of the file
 *       24     8  number of the batch, one more than that of the batch before
 *       32     8  number of the commit; 0 in a part
 *       40     8  all batches up to this number were durable when the batch was written; 0 in a batch
 *                 that was copied from the file before, and in the first one of a log
 *       48     4  length of the token; 0 in a part
 *       52     4  0
 *       56        token; items, see {@link ItemFormat}; zeros up to the length
 * </pre>
 *
 * <p>A part counts if there is a last part behind it. The number of the file tells a batch from
 * bytes that a file before had in the same place of the disk, the number of the batch shows a hole.
 */
final class BatchFormat {
  static final byte PART = 1;
  static final byte COMMIT = 2;

  /** The number of no batch, as that up to which all are durable. */
  static final long COPIED = 0;

  /** Length of a batch without token and items. */
  static final int BYTES = 56;

  /** Lengths and places of batches are multiples of this. */
  static final int ALIGNMENT = 8;

  static final int LENGTH_OFFSET = 0;
  static final int CHECKSUM_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  static final int CHECKED_OFFSET = CHECKSUM_OFFSET + Integer.BYTES;
  static final int KIND_OFFSET = CHECKED_OFFSET;
  static final int ITEMS_OFFSET = KIND_OFFSET + Integer.BYTES;
  static final int FILE_OFFSET = ITEMS_OFFSET + Integer.BYTES;
  static final int BATCH_OFFSET = FILE_OFFSET + Long.BYTES;
  static final int COMMIT_OFFSET = BATCH_OFFSET + Long.BYTES;
  static final int FORCED_OFFSET = COMMIT_OFFSET + Long.BYTES;
  static final int TOKEN_LENGTH_OFFSET = FORCED_OFFSET + Long.BYTES;

  private BatchFormat() {}

  /** The length of a batch with so many bytes of token and items. */
  static long length(long contentBytes) {
    return (BYTES + contentBytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Whether a batch of a file may begin at an offset; its checksum tells. */
  static boolean isPlausible(ByteBuffer bytes, int offset, long file) {
    int length = bytes.getInt(offset + LENGTH_OFFSET);
    int kind = bytes.getInt(offset + KIND_OFFSET);
    return bytes.getLong(offset + FILE_OFFSET) == file
        && length >= BYTES
        && length % ALIGNMENT == 0
        && (kind == PART || kind == COMMIT);
  }

  /** Makes a batch, from 0 to the limit, the copy of it that another file begins with. */
  static void moveTo(long file, ByteBuffer batch) {
    batch.putLong(FILE_OFFSET, file);
    batch.putLong(FORCED_OFFSET, COPIED);
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(CHECKED_OFFSET, batch.limit() - CHECKED_OFFSET));
    batch.putInt(CHECKSUM_OFFSET, (int) crc.getValue());
  }
}
