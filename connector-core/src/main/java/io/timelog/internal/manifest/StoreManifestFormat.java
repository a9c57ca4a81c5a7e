package io.timelog.internal.manifest;

import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Layout of the manifest of a store in a directory.
 *
 * <pre>
 *   offset  size  field
 *        0    24  {@link ManifestEnvelope}: magic {@value #MAGIC} ("TLSTOREM"), length, checksum,
 *                 format version {@value #VERSION}, or {@value #COMPRESSED_VERSION}
 *       24     8  number of the manifest
 *       32     8  number of the commit
 *       40     8  next number of a file
 *       48     8  next serial of a memtable window
 *       56     8  number of the first batch of the logs
 *       64    16  store: the high and the low half of its id
 *       80     8  version of the store
 *       88     4  next id of a table
 *       92     4  length of the token, or -1 if there is none
 *       96        the token; then, each a count (i32) and its elements:
 *                   tables, see {@link TableFormat}
 *                   segments, each of the tables' once:
 *                      24    its file in the tables: store, number
 *                     8 8    number of the file in the directory, offset in it
 *                       8    version {@value #COMPRESSED_VERSION} only: how many bytes of the file it
 *                            takes, if it is compressed there; 0 if it is there as it is
 *                   windows that are flushed in part:
 *                       4    id of the table
 *                     8 8    first timestamp, serial up to which they are flushed
 *                   files of the log, in order:
 *                     8 8    number, length or -1 while it is written
 * </pre>
 *
 * <p>Integers are little-endian, and the parts follow each other without padding. The tables are
 * those of an export, in which a segment is called by a name that no other ever has; where it lies
 * in this directory is said once, however many sources share it.
 *
 * <p>A manifest has version {@value #COMPRESSED_VERSION} if any of its segments is compressed where
 * it lies, else version {@value #VERSION}: so who never compresses leaves directories that the
 * first builds read, and these say of others that they are too new.
 */
public final class StoreManifestFormat {
  /** "TLSTOREM" as a little-endian integer. */
  public static final long MAGIC = 0x4D45524F54534C54L;

  /** The format version of a manifest whose segments all lie in their files as they are. */
  public static final int VERSION = 1;

  /** The format version of a manifest of which some segments are compressed. */
  public static final int COMPRESSED_VERSION = 2;

  private static final int NUMBER_OFFSET = ManifestEnvelope.BYTES;
  private static final int PLACE_BYTES = 5 * Long.BYTES;
  private static final int COMPRESSED_PLACE_BYTES = PLACE_BYTES + Long.BYTES;
  private static final int FLUSHED_BYTES = Integer.BYTES + 2 * Long.BYTES;
  private static final int LOG_BYTES = 2 * Long.BYTES;

  /** Length of a manifest without a token and without elements. */
  private static final int MIN_BYTES = NUMBER_OFFSET + 8 * Long.BYTES + 6 * Integer.BYTES;

  private static final ManifestEnvelope ENVELOPE =
      new ManifestEnvelope(MAGIC, COMPRESSED_VERSION, MIN_BYTES);

  private StoreManifestFormat() {}

  /** The manifest as bytes. O(segments). */
  public static byte[] encode(StoreManifest manifest) {
    int version = version(manifest);
    ByteBuffer bytes =
        ByteBuffer.allocate(length(manifest, version)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(NUMBER_OFFSET);
    bytes.putLong(manifest.number()).putLong(manifest.commit());
    bytes.putLong(manifest.nextFile()).putLong(manifest.nextSerial()).putLong(manifest.nextBatch());
    TableFormat.putId(bytes, manifest.contents().store());
    bytes.putLong(manifest.contents().version());
    bytes.putInt(manifest.nextTable());
    putToken(bytes, manifest.token());
    bytes.putInt(manifest.contents().tables().size());
    manifest.contents().tables().forEach(table -> TableFormat.put(bytes, table));
    bytes.putInt(manifest.places().size());
    for (PlacedSegment place : manifest.places()) {
      TableFormat.putFile(bytes, place.segment());
      bytes.putLong(place.file()).putLong(place.offset());
      if (version == COMPRESSED_VERSION) {
        bytes.putLong(place.compressedLength());
      }
    }
    bytes.putInt(manifest.flushed().size());
    for (FlushedWindow window : manifest.flushed()) {
      bytes.putInt(window.table()).putLong(window.first()).putLong(window.serial());
    }
    bytes.putInt(manifest.logs().size());
    for (LogEntry log : manifest.logs()) {
      bytes.putLong(log.file()).putLong(log.length());
    }
    ENVELOPE.put(bytes, version);
    return bytes.array();
  }

  private static int version(StoreManifest manifest) {
    return manifest.places().stream().anyMatch(PlacedSegment::isCompressed)
        ? COMPRESSED_VERSION
        : VERSION;
  }

  private static int placeBytes(int version) {
    return version == COMPRESSED_VERSION ? COMPRESSED_PLACE_BYTES : PLACE_BYTES;
  }

  private static void putToken(ByteBuffer bytes, @Nullable CommitToken token) {
    if (token == null) {
      bytes.putInt(-1);
    } else {
      bytes.putInt(token.length()).put(token.bytes());
    }
  }

  private static int length(StoreManifest manifest, int version) {
    long length = MIN_BYTES;
    length += manifest.token() == null ? 0 : manifest.token().length();
    for (TableEntry table : manifest.contents().tables()) {
      length += TableFormat.length(table);
    }
    length += (long) placeBytes(version) * manifest.places().size();
    length += (long) FLUSHED_BYTES * manifest.flushed().size();
    length += (long) LOG_BYTES * manifest.logs().size();
    return Math.toIntExact(length);
  }

  /**
   * What a manifest says.
   *
   * @param name what messages call it
   * @throws TimelogCorruptionException if the bytes are not those of a manifest, or not all of them
   * @throws TimelogException if it has a format version that this build does not read
   */
  public static StoreManifest decode(byte[] manifest, String name) {
    ByteBuffer bytes = ByteBuffer.wrap(manifest).order(ByteOrder.LITTLE_ENDIAN);
    int version = ENVELOPE.check(bytes, name);
    bytes.position(NUMBER_OFFSET);
    try {
      ManifestReader reader = new ManifestReader(bytes, name);
      StoreManifest decoded = decode(reader, version);
      reader.requireEnd();
      return decoded;
    } catch (BufferUnderflowException tooShort) {
      throw new TimelogCorruptionException(
          "Manifest has fewer bytes than it describes", name, bytes.position());
    }
  }

  private static StoreManifest decode(ManifestReader bytes, int version) {
    long number = bytes.int64();
    long commit = bytes.int64();
    long nextFile = bytes.int64();
    long nextSerial = bytes.int64();
    long nextBatch = bytes.int64();
    UUID store = bytes.id();
    long storeVersion = bytes.int64();
    int nextTable = bytes.int32();
    CommitToken token = getToken(bytes);
    Manifest contents =
        new Manifest(
            store, storeVersion, bytes.list(TableFormat.MIN_BYTES, () -> TableFormat.get(bytes)));
    Set<Integer> ids = tableIds(contents);
    bytes.require(
        ids.size() == contents.tables().size() && ids.stream().allMatch(id -> id < nextTable),
        "Ids of tables in a manifest are out of bounds, or not each its own: nextTable="
            + nextTable);
    List<PlacedSegment> places =
        bytes.list(placeBytes(version), () -> getPlace(bytes, version, nextFile));
    bytes.require(placeAll(contents, places), "Manifest does not say once where each segment lies");
    return new StoreManifest(
        number,
        commit,
        token,
        nextFile,
        nextSerial,
        nextBatch,
        nextTable,
        contents,
        places,
        bytes.list(FLUSHED_BYTES, () -> getFlushed(bytes, ids)),
        bytes.list(LOG_BYTES, () -> getLog(bytes, nextFile)));
  }

  private static @Nullable CommitToken getToken(ManifestReader bytes) {
    byte[] token = bytes.bytesOrNull();
    bytes.require(
        token == null || token.length <= CommitToken.MAX_BYTES, "Token in a manifest is too long");
    return token == null ? null : CommitToken.of(token);
  }

  private static PlacedSegment getPlace(ManifestReader bytes, int version, long nextFile) {
    FileId segment = new FileId(bytes.id(), bytes.int64());
    long file = bytes.int64();
    long offset = bytes.int64();
    long compressedLength = version == COMPRESSED_VERSION ? bytes.int64() : 0;
    PlacedSegment place = new PlacedSegment(segment, file, offset, compressedLength);
    bytes.require(
        isFile(file, nextFile)
            && offset >= 0
            && compressedLength >= 0
            && compressedLength <= Long.MAX_VALUE - offset,
        "Place of a segment in a manifest is out of bounds: " + place);
    return place;
  }

  private static Set<Integer> tableIds(Manifest contents) {
    return contents.tables().stream().map(TableEntry::id).collect(Collectors.toSet());
  }

  private static FlushedWindow getFlushed(ManifestReader bytes, Set<Integer> tables) {
    FlushedWindow window = new FlushedWindow(bytes.int32(), bytes.int64(), bytes.int64());
    bytes.require(
        tables.contains(window.table()), "Flushed window in a manifest is of no table: " + window);
    return window;
  }

  private static LogEntry getLog(ManifestReader bytes, long nextFile) {
    LogEntry log = new LogEntry(bytes.int64(), bytes.int64());
    bytes.require(
        isFile(log.file(), nextFile) && log.length() >= LogEntry.OPEN,
        "Log file in a manifest is out of bounds: " + log);
    return log;
  }

  private static boolean isFile(long number, long nextFile) {
    return 0 <= number && number < nextFile;
  }

  private static boolean placeAll(Manifest contents, List<PlacedSegment> places) {
    Set<FileId> placed = new HashSet<>();
    for (PlacedSegment place : places) {
      if (!placed.add(place.segment())) {
        return false;
      }
    }
    Set<FileId> named = new HashSet<>();
    contents.segments().forEach(segment -> named.add(segment.file()));
    return placed.equals(named);
  }
}
