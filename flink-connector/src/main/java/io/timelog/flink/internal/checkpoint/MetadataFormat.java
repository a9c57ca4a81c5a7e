package io.timelog.flink.internal.checkpoint;

import io.timelog.flink.internal.checkpoint.Pack.PackedFile;
import io.timelog.flink.internal.checkpoint.SnapshotMetadata.TableOfState;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;

/**
 * Layout of the metadata of a native snapshot, at the start of its metadata file.
 *
 * <pre>
 *   bytes  field
 *       8  magic {@value #MAGIC} ("TLFLINKS")
 *       4  format version {@value #VERSION}
 *       4  length of the body
 *       4  checksum: CRC-32C of format version, length and body
 *          body: first and last key group; Flink's {@link KeyedBackendSerializationProxy};
 *                count of tables, each as state, table, layout;
 *                length of the engine's metadata, and these;
 *                count of packs, each as name, count of files, each of these as name and length
 * </pre>
 *
 * <p>Integers have 4 bytes, lengths of files 8, all big-endian; strings are as {@link
 * java.io.DataOutput#writeUTF} has them. Magic and version are the same in every version.
 */
final class MetadataFormat {
  /** "TLFLINKS". */
  static final long MAGIC = 0x544C464C494E4B53L;

  /** The format version that this class describes. */
  static final int VERSION = 1;

  private static final int FIXED_BYTES = Long.BYTES + 3 * Integer.BYTES;

  private MetadataFormat() {}

  /** Writes metadata. */
  static void write(
      KeyGroupRange keyGroups,
      KeyedBackendSerializationProxy<?> states,
      List<TableOfState> tables,
      byte[] engine,
      List<Pack> packs,
      DataOutputView out)
      throws IOException {
    DataOutputSerializer body = new DataOutputSerializer(1024 + engine.length);
    body.writeInt(keyGroups.getStartKeyGroup());
    body.writeInt(keyGroups.getEndKeyGroup());
    states.write(body);
    body.writeInt(tables.size());
    for (TableOfState table : tables) {
      body.writeUTF(table.state());
      body.writeUTF(table.table());
      body.writeUTF(table.layout());
    }
    body.writeInt(engine.length);
    body.write(engine);
    body.writeInt(packs.size());
    for (Pack pack : packs) {
      body.writeUTF(pack.name());
      body.writeInt(pack.files().size());
      for (PackedFile file : pack.files()) {
        body.writeUTF(file.name());
        body.writeLong(file.length());
      }
    }
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(body.length());
    out.writeInt(checksum(VERSION, body.getSharedBuffer(), body.length()));
    out.write(body.getSharedBuffer(), 0, body.length());
  }

  private static int checksum(int version, byte[] body, int length) {
    CRC32C checksum = new CRC32C();
    update(checksum, version);
    update(checksum, length);
    checksum.update(body, 0, length);
    return (int) checksum.getValue();
  }

  private static void update(CRC32C checksum, int integer) {
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      checksum.update(integer >>> shift);
    }
  }

  /**
   * Reads metadata, and leaves {@code in} behind them.
   *
   * @param fileBytes length of the whole file
   * @throws UnreadableSnapshotException if the bytes are not those of a native snapshot of this
   *     backend, are damaged, or have a format that is not known
   */
  static <K> SnapshotMetadata<K> read(DataInputView in, long fileBytes, ClassLoader userCode)
      throws IOException {
    if (fileBytes < FIXED_BYTES || in.readLong() != MAGIC) {
      throw new UnreadableSnapshotException(
          "The snapshot is in the own format of another state backend, or its metadata are damaged."
              + " With the backend that wrote it, take a savepoint of type canonical, and start"
              + " from that");
    }
    int version = in.readInt();
    int length = in.readInt();
    int stored = in.readInt();
    if (version != VERSION) {
      throw new UnreadableSnapshotException(
          "The snapshot has a format that this version of Timelog does not read, or is damaged:"
              + " formatVersion="
              + version
              + ", known="
              + VERSION
              + ". Start with the version that wrote it");
    }
    if (length < 0 || length > fileBytes - FIXED_BYTES) {
      throw damaged("length", length, "at most " + (fileBytes - FIXED_BYTES));
    }
    byte[] body = new byte[length];
    in.readFully(body);
    int computed = checksum(version, body, length);
    if (computed != stored) {
      throw damaged(
          "checksum", Integer.toHexString(computed), "stored " + Integer.toHexString(stored));
    }
    try {
      return body(new DataInputDeserializer(body), userCode);
    } catch (EOFException | IllegalArgumentException e) {
      // The checksum holds, so these are the very bytes that were written.
      throw new UnreadableSnapshotException(
          "The metadata of the snapshot contradict themselves: " + e.getMessage());
    }
  }

  private static UnreadableSnapshotException damaged(String what, Object found, String expected) {
    return new UnreadableSnapshotException(
        "The metadata of the snapshot are damaged: "
            + what
            + "="
            + found
            + ", expected="
            + expected);
  }

  private static <K> SnapshotMetadata<K> body(DataInputDeserializer in, ClassLoader userCode)
      throws IOException {
    KeyGroupRange keyGroups = KeyGroupRange.of(in.readInt(), in.readInt());
    KeyedBackendSerializationProxy<K> states = new KeyedBackendSerializationProxy<>(userCode);
    states.read(in);
    List<TableOfState> tables = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      tables.add(new TableOfState(in.readUTF(), in.readUTF(), in.readUTF()));
    }
    byte[] engine = new byte[in.readInt()];
    in.readFully(engine);
    List<Pack> packs = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      packs.add(pack(in));
    }
    return new SnapshotMetadata<>(
        keyGroups,
        states.getKeySerializerSnapshot(),
        states.getStateMetaInfoSnapshots(),
        tables,
        ByteBuffer.wrap(engine),
        packs);
  }

  private static Pack pack(DataInputDeserializer in) throws IOException {
    String name = in.readUTF();
    List<PackedFile> files = new ArrayList<>();
    long offset = 0;
    for (int left = in.readInt(); left > 0; left--) {
      PackedFile file = new PackedFile(in.readUTF(), offset, in.readLong());
      files.add(file);
      offset += file.length();
    }
    return new Pack(name, files);
  }
}
