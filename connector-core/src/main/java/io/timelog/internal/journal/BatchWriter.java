package io.timelog.internal.journal;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.storage.disk.AppendFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes batches. All memory that it needs is taken when it is made, so that a commit cannot fail
 * for lack of it. Belongs to the writer.
 */
final class BatchWriter {
  /** What a writer has on the heap, in bytes. */
  static final int HEAP_BYTES = StagedOutput.PIECE_BYTES + BatchFormat.BYTES;

  private final ByteBuffer header =
      ByteBuffer.allocate(BatchFormat.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer zeros = ByteBuffer.allocate(BatchFormat.ALIGNMENT);
  private final BatchChecksum checksum = new BatchChecksum();
  private final StagedOutput output = new StagedOutput();

  /**
   * Appends a batch to a file.
   *
   * @param token of the commit; empty in a part
   * @throws IOException if the file refuses; a part of the batch may be in it
   */
  void write(AppendFile file, BatchStamp stamp, CommitToken token, List<PendingItem> items)
      throws IOException {
    long contentBytes = token.length();
    int count = 0;
    for (PendingItem item : items) {
      contentBytes += item.bytes();
      count += item.bytes() > 0 ? 1 : 0;
    }
    long length = BatchFormat.length(contentBytes);
    int padding = (int) (length - BatchFormat.BYTES - contentBytes);
    header.put(BatchFormat.KIND_OFFSET, stamp.isCommit() ? BatchFormat.COMMIT : BatchFormat.PART);
    header.putInt(BatchFormat.LENGTH_OFFSET, Math.toIntExact(length));
    header.putInt(BatchFormat.ITEMS_OFFSET, count);
    header.putLong(BatchFormat.FILE_OFFSET, stamp.file());
    header.putLong(BatchFormat.BATCH_OFFSET, stamp.batch());
    header.putLong(BatchFormat.COMMIT_OFFSET, stamp.commit());
    header.putLong(BatchFormat.FORCED_OFFSET, stamp.forced());
    header.putInt(BatchFormat.TOKEN_LENGTH_OFFSET, token.length());
    ByteBuffer tokenBytes = token.buffer();
    header.putInt(BatchFormat.CHECKSUM_OFFSET, checksum(tokenBytes, items, padding));

    output.begin(file);
    output.write(header, BatchFormat.BYTES);
    writeContent(tokenBytes, items, padding, output);
    output.flush();
  }

  private int checksum(ByteBuffer tokenBytes, List<PendingItem> items, int padding)
      throws IOException {
    checksum.reset();
    checksum.writeFrom(header, BatchFormat.CHECKED_OFFSET);
    writeContent(tokenBytes, items, padding, checksum);
    return checksum.value();
  }

  private void writeContent(
      ByteBuffer tokenBytes, List<PendingItem> items, int padding, BatchOutput to)
      throws IOException {
    to.write(tokenBytes, tokenBytes.capacity());
    for (PendingItem item : items) {
      if (item.bytes() > 0) {
        item.writeTo(to);
      }
    }
    to.write(zeros, padding);
  }
}
