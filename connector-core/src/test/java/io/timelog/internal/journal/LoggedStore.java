package io.timelog.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.TimelogCorruptionException;
import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.TableShape;
import io.timelog.internal.manifest.TableShape.GridKind;
import io.timelog.internal.manifest.TableShape.GridShape;
import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.row.Rule;
import io.timelog.internal.row.WindowIndex;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The smallest store that does all that a store does with a log: one multimap with a floor and one
 * map with deletes of ranges, in windows of ten ticks. Its manifest has the rows of its segments in
 * it. It can be told to break the rules that a store must keep.
 */
final class LoggedStore implements AutoCloseable {
  static final int MULTIMAP = 1;
  static final int MAP = 2;
  static final int WINDOW = 10;
  static final UUID ID = new UUID(0x1122334455667788L, 0x99AABBCCDDEEFF00L);

  /** A rule that is not kept. */
  enum Broken {
    /** What is pending of a window that is flushed is dropped. */
    OWED_ROWS_DROPPED,
    /** A manifest is written without forcing the log. */
    NO_FORCE_BEFORE_SWAP,
    /** Deletes are done to everything when they are replayed. */
    DELETES_WITHOUT_VERSION,
    /** Rows that are in segments are replayed all the same. */
    FLUSHED_ROWS_REPLAYED,
    /** Files are deleted before the manifest that does not need them is written. */
    FILES_DELETED_EARLY,
    /** Files that have rows that are in no segment are deleted. */
    NEEDED_FILES_DELETED
  }

  private record Segment(int table, long first, long serial, long since, List<Row> rows) {}

  private static final class Window {
    final LoggedWindow id;
    final PendingWindow pending;
    final List<Row> rows = new ArrayList<>();

    Window(LoggedWindow id, PendingWindow pending) {
      this.id = id;
      this.pending = pending;
    }
  }

  private final Disk disk;
  private final Set<Broken> broken;
  private final BufferPool pool = new BufferPool(16 << 20);
  private final MemoryAccount memory = new MemoryAccount(pool);
  private final PendingWrites pending = new PendingWrites(memory);
  private final StoreLog log;
  private final Map<String, Window> windows = new TreeMap<>();
  private final List<Segment> segments = new ArrayList<>();
  private final Set<Integer> tables = new TreeSet<>();
  private final Map<String, Long> flushed = new TreeMap<>();
  private List<LogEntry> namedLogs = List.of();
  private long floor = Long.MIN_VALUE;
  private long version;
  private long nextFile = 1;
  private long nextSerial = 1;
  private long manifest;
  private long commit;
  private String token = "";

  /** Something was done to segments or windows that no commit covers. */
  private boolean hasUncommittedEdits;

  private boolean hasUncommittedRows;

  LoggedStore(Disk disk, SyncPolicy policy, long fileBytes, Broken... broken) throws IOException {
    this(disk, new LogSettingsOf(policy, fileBytes, Long.MAX_VALUE), broken);
  }

  /** What tests choose of the settings. */
  record LogSettingsOf(SyncPolicy policy, long fileBytes, long earlyBytes) {}

  LoggedStore(Disk disk, LogSettingsOf chosen, Broken... broken) throws IOException {
    this.disk = disk;
    this.broken = EnumSet.noneOf(Broken.class);
    this.broken.addAll(List.of(broken));
    LogFiles files = new Files();
    recover(files);
    LogSettings settings =
        new LogSettings(disk, files, ID, chosen.policy(), chosen.fileBytes(), chosen.earlyBytes());
    log = StoreLog.begin(settings, pending, memory);
    if (commit > 0) {
      log.commit(commit, tokenOf(commit));
    }
    log.force();
    writeManifest(log.files());
    deleteUnnamed();
    for (int table : new int[] {MULTIMAP, MAP}) {
      if (tables.add(table)) {
        pending.makeRoomForOperation();
        pending.createTable(table, shape(table));
      }
    }
  }

  private boolean broken(Broken rule) {
    return broken.contains(rule);
  }

  private final class Files implements LogFiles {
    @Override
    public long nextNumber() {
      return nextFile++;
    }

    @Override
    public String name(long number) {
      return logName(number);
    }
  }

  static String logName(long number) {
    return String.format("%016x.log", number);
  }

  static TableShape shape(int table) {
    return new TableShape(
        "table" + table,
        table == MAP ? Rule.MAP : Rule.MULTIMAP,
        table == MAP ? LateEntries.ACCEPT : LateEntries.REFUSE,
        KeyGroups.NONE,
        WindowIndex.KEY,
        new GridShape(GridKind.DECLARED, WINDOW, 0));
  }

  // Writes.

  void write(int table, Row row) {
    if (table == MULTIMAP && row.timestamp() < floor) {
      return;
    }
    long first = Math.floorDiv(row.timestamp(), WINDOW) * WINDOW;
    Window window = windows.computeIfAbsent(place(table, first), p -> newWindow(table, first));
    row.writeTo(window.pending);
    window.rows.add(row);
    hasUncommittedRows = true;
    log.writeEarly();
  }

  private Window newWindow(int table, long first) {
    LoggedWindow id = new LoggedWindow(table, nextSerial++, version + 1, first, first + WINDOW - 1);
    return new Window(id, pending.window(id));
  }

  private static String place(int table, long first) {
    return table + "@" + first;
  }

  void deleteBefore(long cutoff) {
    if (cutoff <= floor) {
      return;
    }
    pending.makeRoomForOperation();
    pending.floor(MULTIMAP, cutoff);
    raiseFloor(cutoff);
    hasUncommittedEdits = true;
  }

  private void raiseFloor(long cutoff) {
    floor = Math.max(floor, cutoff);
    windows
        .values()
        .removeIf(
            window -> {
              boolean dies = window.id.table() == MULTIMAP && window.id.last() < floor;
              if (dies) {
                window.pending.discard();
              }
              return dies;
            });
    segments.removeIf(s -> s.table == MULTIMAP && s.first + WINDOW - 1 < floor);
  }

  void deleteRange(long first, long last) {
    pending.makeRoomForOperation();
    version++;
    pending.deleteRange(MAP, first, last, version);
    applyDelete(first, last, version);
    hasUncommittedEdits = true;
  }

  private void applyDelete(long first, long last, long deleteVersion) {
    boolean everything = broken(Broken.DELETES_WITHOUT_VERSION);
    for (Window window : new ArrayList<>(windows.values())) {
      if (window.id.table() == MAP && (everything || window.id.base() <= deleteVersion)) {
        if (first <= window.id.first() && window.id.last() <= last) {
          window.pending.discard();
          windows.values().remove(window);
        } else {
          removeCovered(window.rows, first, last);
        }
      }
    }
    for (Segment segment : segments) {
      if (segment.table == MAP && (everything || segment.since <= deleteVersion)) {
        removeCovered(segment.rows, first, last);
      }
    }
  }

  private static void removeCovered(List<Row> rows, long first, long last) {
    rows.removeIf(
        row ->
            row.kind() != FrameKind.REMOVE_RANGE
                && first <= row.timestamp()
                && row.timestamp() <= last);
  }

  /** Makes a segment of each window, of which what is pending is owed. */
  void flush() {
    for (Window window : windows.values()) {
      hasUncommittedEdits |= hasUncommittedRows;
      if (broken(Broken.OWED_ROWS_DROPPED)) {
        window.pending.discard();
      }
      LoggedWindow id = window.id;
      segments.add(new Segment(id.table(), id.first(), id.serial(), version + 1, window.rows));
    }
    windows.clear();
  }

  void writeEarly() throws IOException {
    log.relieve();
  }

  /** Commits; a token is the number of the commit as text. */
  void commit(long number) throws IOException {
    log.commit(number, tokenOf(number));
    committed(number);
  }

  private static CommitToken tokenOf(long commit) {
    return CommitToken.of(Long.toString(commit).getBytes(UTF_8));
  }

  void committed(long number) {
    commit = number;
    token = Long.toString(number);
    hasUncommittedEdits = false;
    hasUncommittedRows = false;
  }

  long lastCommit() {
    return commit;
  }

  StoreLog log() {
    return log;
  }

  PendingWrites pending() {
    return pending;
  }

  BufferPool pool() {
    return pool;
  }

  // Manifests.

  /** Writes a manifest of the last commit, if nothing stands against it, and deletes files. */
  boolean swap() throws IOException {
    if (hasUncommittedEdits) {
      return false;
    }
    if (!broken(Broken.NO_FORCE_BEFORE_SWAP)) {
      log.force();
    }
    noteFlushed();
    Set<Long> inMemory = new HashSet<>();
    windows.values().forEach(window -> inMemory.add(window.id.serial()));
    LiveSerials live = broken(Broken.NEEDED_FILES_DELETED) ? serial -> false : inMemory::contains;
    int obsolete = log.obsolete(commit, live);
    List<LogEntry> files = log.files();
    if (broken(Broken.FILES_DELETED_EARLY)) {
      for (LogEntry file : files.subList(0, obsolete)) {
        disk.delete(logName(file.file()));
      }
    }
    writeManifest(files.subList(obsolete, files.size()));
    log.forget(obsolete);
    deleteUnnamed();
    return true;
  }

  private void noteFlushed() {
    Map<String, Long> through = new HashMap<>();
    segments.forEach(s -> through.merge(place(s.table, s.first), s.serial, Math::max));
    flushed.putAll(through);
  }

  private void writeManifest(List<LogEntry> logs) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(commit);
    out.writeUTF(token);
    out.writeLong(version);
    out.writeLong(floor);
    out.writeLong(nextFile);
    out.writeLong(nextSerial);
    out.writeLong(log.firstBatch(logs.get(0)));
    boolean hasTables = commit > 0;
    out.writeBoolean(hasTables);
    out.writeInt(flushed.size());
    for (Map.Entry<String, Long> window : flushed.entrySet()) {
      out.writeUTF(window.getKey());
      out.writeLong(window.getValue());
    }
    out.writeInt(segments.size());
    for (Segment segment : segments) {
      out.writeInt(segment.table);
      out.writeLong(segment.first);
      out.writeLong(segment.serial);
      out.writeLong(segment.since);
      Row.write(segment.rows, out);
    }
    out.writeInt(logs.size());
    for (LogEntry file : logs) {
      out.writeLong(file.file());
      out.writeLong(file.length());
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.toByteArray());
    out.writeInt((int) crc.getValue());
    manifest++;
    disk.syncDirectory();
    String temporary = "M-" + manifest + ".tmp";
    try (AppendFile file = disk.create(temporary)) {
      file.write(ByteBuffer.wrap(bytes.toByteArray()));
      file.force();
    }
    disk.rename(temporary, "M-" + manifest);
    disk.syncDirectory();
    namedLogs = List.copyOf(logs);
  }

  private void deleteUnnamed() throws IOException {
    Set<String> named = new HashSet<>(Set.of("M-" + manifest));
    namedLogs.forEach(file -> named.add(logName(file.file())));
    // Those that were begun since the manifest was written.
    log.files().forEach(file -> named.add(logName(file.file())));
    for (String name : disk.list()) {
      if (!named.contains(name)) {
        disk.delete(name);
      }
    }
  }

  // Recovery.

  /** Has all that was committed in segments, so that another log can begin. */
  private void recover(LogFiles files) throws IOException {
    List<Long> logs = new ArrayList<>();
    long newest = 0;
    for (String name : disk.list()) {
      if (name.endsWith(".log")) {
        logs.add(Long.parseLong(name.substring(0, 16), 16));
      } else if (name.startsWith("M-")) {
        manifest = Math.max(manifest, Long.parseLong(name.substring(2).replace(".tmp", "")));
        if (!name.endsWith(".tmp")) {
          newest = Math.max(newest, Long.parseLong(name.substring(2)));
        }
      }
    }
    if (newest == 0) {
      logs.forEach(number -> nextFile = Math.max(nextFile, number + 1));
      return;
    }
    LogManifest named = readManifest("M-" + newest);
    namedLogs = named.files();
    logs.forEach(number -> nextFile = Math.max(nextFile, number + 1));
    LogRecovery.recover(disk, files, ID, named, logs).replay(new Replay());
    flush();
    noteFlushed();
  }

  private LogManifest readManifest(String name) throws IOException {
    byte[] bytes;
    try (PositionedFile file = disk.open(name)) {
      bytes = new byte[(int) file.length()];
      file.read(0, ByteBuffer.wrap(bytes));
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - Integer.BYTES);
    if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES)) {
      throw new TimelogCorruptionException("Manifest is damaged", name, 0);
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    commit = in.readLong();
    token = in.readUTF();
    version = in.readLong();
    floor = in.readLong();
    nextFile = in.readLong();
    nextSerial = in.readLong();
    long firstBatch = in.readLong();
    if (in.readBoolean()) {
      tables.addAll(List.of(MULTIMAP, MAP));
    }
    for (int i = in.readInt(); i > 0; i--) {
      flushed.put(in.readUTF(), in.readLong());
    }
    for (int i = in.readInt(); i > 0; i--) {
      int table = in.readInt();
      Segment segment =
          new Segment(table, in.readLong(), in.readLong(), in.readLong(), new ArrayList<>());
      for (int rows = in.readInt(); rows > 0; rows--) {
        segment.rows.add(Row.read(in));
      }
      segments.add(segment);
    }
    List<LogEntry> files = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      files.add(new LogEntry(in.readLong(), in.readLong()));
    }
    return new LogManifest(files, firstBatch, commit);
  }

  private final class Replay implements LogVisitor {
    private List<Row> rows = new ArrayList<>();

    @Override
    public void createTable(int table, TableShape shape) {
      if (!shape.equals(shape(table))) {
        throw new AssertionError(shape);
      }
      tables.add(table);
    }

    @Override
    public void dropTable(int table) {
      throw new AssertionError(table);
    }

    @Override
    public void floor(int table, long cutoff) {
      raiseFloor(cutoff);
    }

    @Override
    public void deleteRange(int table, long first, long last, long deleteVersion) {
      version = Math.max(version, deleteVersion);
      applyDelete(first, last, deleteVersion);
    }

    @Override
    public boolean section(LoggedWindow id) {
      nextSerial = Math.max(nextSerial, id.serial() + 1);
      String place = place(id.table(), id.first());
      boolean isFlushed = id.serial() <= flushed.getOrDefault(place, 0L);
      if (isFlushed && !broken(Broken.FLUSHED_ROWS_REPLAYED)) {
        return false;
      }
      if (id.table() == MULTIMAP && id.last() < floor) {
        return false;
      }
      Window window = windows.get(place);
      if (window == null || window.id.serial() != id.serial()) {
        Window newer = new Window(id, pending.window(id));
        if (window != null) {
          // It was sealed, and what it had is as if it were in the newer one.
          newer.rows.addAll(window.rows);
        }
        windows.put(place, newer);
        window = newer;
      }
      rows = window.rows;
      return true;
    }

    @Override
    public void frame(LogFrame frame) {
      rows.add(Row.of(frame));
    }

    @Override
    public void commit(long number, CommitToken committed) {
      commit = number;
      token = new String(committed.bytes(), UTF_8);
    }
  }

  /** What is visible, with the token. */
  String content() {
    StringBuilder text = new StringBuilder(token).append(':');
    for (int table : new int[] {MULTIMAP, MAP}) {
      List<Row> rows = new ArrayList<>();
      // A window has one source in memory, which is newer than its segments; these come by serial.
      segments.stream()
          .filter(segment -> segment.table == table)
          .sorted((a, b) -> Long.compare(a.serial, b.serial))
          .forEach(segment -> rows.addAll(segment.rows));
      windows.values().stream()
          .filter(window -> window.id.table() == table)
          .forEach(window -> rows.addAll(window.rows));
      TreeMap<String, String> entries = new TreeMap<>();
      for (int i = 0; i < rows.size(); i++) {
        rows.get(i).applyTo(entries, i);
      }
      entries.keySet().removeIf(place -> table == MULTIMAP && Row.timestampOf(place) < floor);
      entries.forEach(
          (place, value) ->
              text.append(' ').append(place.replaceAll("#.*", "")).append('=').append(value));
    }
    return text.append(" floor=").append(floor).toString();
  }

  @Override
  public void close() {
    log.close();
    memory.close();
  }
}
