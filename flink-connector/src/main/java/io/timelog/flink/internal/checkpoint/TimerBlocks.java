package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.state.KeyGroupRange;

/**
 * Timers in a native snapshot: a block for each key group, in order, so that those of others can be
 * passed over.
 *
 * <pre>
 *   bytes  field
 *       4  length of the timers
 *       4  checksum: CRC-32C of the timers
 *          the timers, queue by queue: for each its length in 4 bytes and its bytes, as a canonical
 *          savepoint has it; then {@value #END} in 4 bytes
 * </pre>
 *
 * <p>A snapshot without queues has no blocks.
 */
final class TimerBlocks {
  private static final byte[] NO_VALUE = {};

  /** Behind the last timer of a queue. */
  private static final int END = -1;

  private TimerBlocks() {}

  /**
   * Writes the timers of these key groups. Needs memory for those of one key group.
   *
   * @param queues those of each queue by key group, at none of them yet
   */
  static void write(
      List<? extends CanonicalEntries> queues, KeyGroupRange keyGroups, DataOutputView out)
      throws IOException {
    if (queues.isEmpty()) {
      return;
    }
    boolean[] pending = new boolean[queues.size()];
    for (int i = 0; i < pending.length; i++) {
      pending[i] = queues.get(i).advance();
    }
    DataOutputSerializer block = new DataOutputSerializer(1024);
    for (int keyGroup : keyGroups) {
      block.clear();
      for (int i = 0; i < pending.length; i++) {
        CanonicalEntries timers = queues.get(i);
        while (pending[i] && timers.keyGroup() == keyGroup) {
          byte[] timer = timers.key();
          block.writeInt(timer.length);
          block.write(timer);
          pending[i] = timers.advance();
        }
        block.writeInt(END);
      }
      out.writeInt(block.length());
      out.writeInt(checksum(block.getSharedBuffer(), block.length()));
      out.write(block.getSharedBuffer(), 0, block.length());
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  /**
   * Reads timers.
   *
   * @param queues take those of the queues, in the order of the snapshot
   * @param stored the key groups of which {@code in} has the timers
   * @param wanted the key groups whose timers are read
   * @param fileBytes length of the whole file, which no block is longer than
   * @throws UnreadableSnapshotException if the bytes are damaged
   */
  static void read(
      List<CanonicalSink> queues,
      KeyGroupRange stored,
      KeyGroupRange wanted,
      DataInputView in,
      long fileBytes)
      throws IOException {
    if (queues.isEmpty()) {
      return;
    }
    for (int keyGroup : stored) {
      if (keyGroup > wanted.getEndKeyGroup()) {
        return;
      }
      int length = in.readInt();
      int checksum = in.readInt();
      if (length < 0 || length > fileBytes) {
        throw damaged(keyGroup, "length", length, "at most " + fileBytes);
      }
      if (wanted.contains(keyGroup)) {
        byte[] block = new byte[length];
        in.readFully(block);
        int computed = checksum(block, length);
        if (computed != checksum) {
          throw damaged(
              keyGroup,
              "checksum",
              Integer.toHexString(computed),
              "stored " + Integer.toHexString(checksum));
        }
        DataInputDeserializer timers = new DataInputDeserializer(block);
        for (CanonicalSink queue : queues) {
          read(queue, timers);
        }
      } else {
        in.skipBytesToRead(length);
      }
    }
  }

  private static void read(CanonicalSink queue, DataInputDeserializer in) throws IOException {
    for (int length = in.readInt(); length != END; length = in.readInt()) {
      byte[] timer = new byte[length];
      in.readFully(timer);
      queue.accept(timer, NO_VALUE);
    }
  }

  private static UnreadableSnapshotException damaged(
      int keyGroup, String what, Object found, String expected) {
    return new UnreadableSnapshotException(
        "The timers of the snapshot are damaged: keyGroup="
            + keyGroup
            + ", "
            + what
            + "="
            + found
            + ", expected="
            + expected);
  }
}
