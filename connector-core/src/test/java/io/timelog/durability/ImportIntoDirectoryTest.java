package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.CommitLog;
import io.timelog.Cursor;
import io.timelog.ExportedFile;
import io.timelog.FileSource;
import io.timelog.KeyGroups;
import io.timelog.MemoryBudget;
import io.timelog.ReadableFile;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.StoreLockedException;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was imported into a store in a directory lasts from its next commit on. */
final class ImportIntoDirectoryTest {
  private static final TableOptions EVENTS =
      TableOptions.multimap("events").windowSize(10, 0).keyGroups(KeyGroups.FIRST_BYTE).build();
  private static final TableOptions EVENTS_OF_LONG_WINDOWS =
      TableOptions.multimap("events").windowSize(10_000, 0).keyGroups(KeyGroups.FIRST_BYTE).build();
  private static final int ALL = Integer.MAX_VALUE;

  @TempDir private Path temporary;
  private final Map<String, byte[]> files = new HashMap<>();

  private Path directory() {
    return temporary.resolve("store");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] key(int group) {
    return new byte[] {(byte) group, 'k'};
  }

  /** An export of some key groups, with an entry for each tick and a delete. */
  private byte[] export(int fromGroup, int toGroup) throws IOException {
    try (TimelogStore store = TimelogStore.builder().build()) {
      Table events = store.createTable(EVENTS);
      for (int group = fromGroup; group <= toGroup; group++) {
        for (int i = 0; i < 30; i++) {
          events.append(key(group), i, bytes("v" + i));
        }
      }
      store.flush();
      events.deleteRange(TimeRange.of(3, 5));
      events.deleteBefore(2);
      return written(store);
    }
  }

  private byte[] written(TimelogStore store) throws IOException {
    try (StoreExport export = store.beginExport()) {
      for (ExportedFile file : export.write()) {
        try (InputStream in = file.newInputStream()) {
          files.put(file.name(), in.readAllBytes());
        }
      }
      return export.metadata();
    }
  }

  private FileSource source() {
    return name -> {
      byte[] bytes = files.get(name);
      if (bytes == null) {
        throw new FileNotFoundException(name);
      }
      return new ReadableFile() {
        @Override
        public long length() {
          return bytes.length;
        }

        @Override
        public int read(long position, ByteBuffer target) {
          int size = (int) Math.min(target.remaining(), bytes.length - position);
          if (size <= 0) {
            return -1;
          }
          target.put(bytes, (int) position, size);
          return size;
        }

        @Override
        public void close() {}
      };
    };
  }

  private static List<String> read(TimelogStore store) {
    List<String> entries = new ArrayList<>();
    try (Cursor cursor = store.table("events").scanByKey(TimeRange.all())) {
      while (cursor.advance()) {
        entries.add(
            cursor.key()[0] + "@" + cursor.timestamp() + "=" + new String(cursor.value(), UTF_8));
      }
    }
    return entries;
  }

  private List<String> segmentFiles() throws IOException {
    try (Stream<Path> all = Files.list(directory())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".seg"))
          .toList();
    }
  }

  private StoreImport importing() {
    return StoreImport.into(directory(), TimelogStore.builder());
  }

  @Test
  void imported_lastsFromTheNextCommitOn() throws IOException {
    byte[] metadata = export(0, 3);
    List<String> imported;
    try (TimelogStore store = importing().add(metadata, source(), 0, ALL).finish()) {
      imported = read(store);
      assertThat(imported).hasSize(4 * 26);
      assertThat(segmentFiles()).isEmpty();
      assertThat(store.committedToken()).isEmpty();
      assertThat(store.commit(bytes("t"))).isEqualTo(1);
      assertThat(segmentFiles()).isNotEmpty();
      store.table("events").append(key(9), 100, bytes("never committed"));
    }
    assertThat(TimelogStore.verify(directory()).faults()).isEmpty();
    try (TimelogStore store = TimelogStore.open(directory(), TimelogStore.builder())) {
      assertThat(read(store)).isEqualTo(imported);
      assertThat(store.recovery().removedFiles()).isEmpty();
      // Deletes of the export hide nothing that is written now.
      store.table("events").append(key(0), 4, bytes("new"));
      store.commit(bytes("u"));
    }
    try (TimelogStore store = TimelogStore.open(directory(), TimelogStore.builder())) {
      assertThat(read(store)).hasSize(imported.size() + 1).contains("0@4=new");
    }
  }

  @Test
  void partsOfSeveralStores_lastTogether() throws IOException {
    byte[] first = export(0, 3);
    byte[] second = export(4, 7);
    List<String> imported;
    try (TimelogStore store =
        importing().add(first, source(), 2, 3).add(second, source(), 4, 5).finish()) {
      imported = read(store);
      assertThat(imported).hasSize(4 * 26);
      store.commit(bytes("t"));
    }
    assertThat(TimelogStore.verify(directory()).faults()).isEmpty();
    try (TimelogStore store = TimelogStore.open(directory(), TimelogStore.builder())) {
      assertThat(read(store)).isEqualTo(imported);
      store.compact();
      assertThat(read(store)).isEqualTo(imported);
    }
  }

  /** Ten times the memory, in files that are taken as they are and in such that are cut smaller. */
  @ParameterizedTest
  @ValueSource(longs = {2 << 20, 64 << 20})
  void importThatIsLargerThanMemory_goesToFiles(long exportersMemory) throws IOException {
    int entries = 180_000;
    MemoryBudget memory = MemoryBudget.ofBytes(2 << 20);
    byte[] metadata = exportLarge(entries, exportersMemory);
    assertThat(files.values().stream().mapToLong(file -> file.length).sum())
        .isGreaterThan(10 * memory.limitBytes());

    try (TimelogStore store =
        StoreImport.into(directory(), small(memory)).add(metadata, source(), 0, ALL).finish()) {
      assertThat(segmentFiles()).isNotEmpty();
      assertThat(memory.usedBytes()).isLessThanOrEqualTo(memory.limitBytes());
      Table events = store.table("events");
      for (int i = 0; i < 1_000; i++) {
        events.append(key(i % 8), i, bytes("late " + i));
      }
      assertThat(read(store)).hasSize(entries + 1_000);
      store.commit(bytes("t"));
    }
    assertThat(memory.usedBytes()).isZero();
    assertThat(TimelogStore.verify(directory()).faults()).isEmpty();
  }

  /**
   * What is taken where it lies belongs to the store, too, and to both for as long as they want.
   */
  @Test
  void filesOfTheMachine_areTakenWithoutACopy_whereMemoryIsTooSmall() throws IOException {
    int entries = 180_000;
    byte[] metadata = exportLarge(entries, 2 << 20);
    Path copies = Files.createDirectory(temporary.resolve("copies"));
    Set<Object> inodes = new HashSet<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      inodes.add(inode(Files.write(copies.resolve(file.getKey()), file.getValue())));
    }
    MemoryBudget memory = MemoryBudget.ofBytes(2 << 20);

    try (TimelogStore store =
        StoreImport.into(directory(), small(memory))
            .add(metadata, linked(copies), 0, ALL)
            .finish()) {
      assertThat(inodesOfSegments()).isEqualTo(inodes);
      deleteAll(copies);
      assertThat(read(store)).hasSize(entries);
      store.commit(bytes("t"));
    }
    assertThat(TimelogStore.verify(directory()).faults()).isEmpty();
    try (TimelogStore store = TimelogStore.open(directory(), small(memory))) {
      assertThat(read(store)).hasSize(entries);
    }
  }

  @Test
  void fileOfTheMachine_thatIsNotTheOneThatWasExported_isRefused() throws IOException {
    byte[] metadata = exportLarge(180_000, 2 << 20);
    Path copies = Files.createDirectory(temporary.resolve("copies"));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] damaged = file.getValue().clone();
      damaged[damaged.length - 1] ^= 1;
      Files.write(copies.resolve(file.getKey()), damaged);
    }

    assertThatThrownBy(
            () ->
                StoreImport.into(directory(), small(MemoryBudget.ofBytes(2 << 20)))
                    .add(metadata, linked(copies), 0, ALL)
                    .finish())
        .isInstanceOfSatisfying(
            TimelogCorruptionException.class, e -> assertThat(files).containsKey(e.file()));
    assertThat(segmentFiles()).isEmpty();
  }

  @Test
  void exportedFile_isLinkedToWhereItLies() throws IOException {
    Path origin = temporary.resolve("origin");
    Path copy = temporary.resolve("copy");
    int linked = 0;
    try (TimelogStore store = TimelogStore.open(origin, small(MemoryBudget.ofBytes(2 << 20)))) {
      Table events = store.createTable(EVENTS_OF_LONG_WINDOWS);
      for (int i = 0; i < 60_000; i++) {
        events.append(key(i % 8), i, bytes("a value of a hundred bytes ".repeat(4) + i));
      }
      try (StoreExport export = store.beginExport()) {
        for (ExportedFile file : export.write()) {
          if (file.linkTo(copy)) {
            linked++;
            try (InputStream in = file.newInputStream()) {
              assertThat(copy).hasBinaryContent(in.readAllBytes());
            }
            Files.delete(copy);
          }
          assertThat(copy).doesNotExist();
        }
      }
    }
    assertThat(linked).isPositive();
  }

  private static Object inode(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private Set<Object> inodesOfSegments() throws IOException {
    Set<Object> inodes = new HashSet<>();
    for (String name : segmentFiles()) {
      inodes.add(inode(directory().resolve(name)));
    }
    return inodes;
  }

  private static void deleteAll(Path directory) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path file : all) {
        Files.delete(file);
      }
    }
  }

  /** Files that are there, and would have to be read if they could not be taken. */
  private static FileSource linked(Path directory) {
    return name -> {
      Path path = directory.resolve(name);
      return new ReadableFile() {
        @Override
        public Path path() {
          return path;
        }

        @Override
        public long length() throws IOException {
          return Files.size(path);
        }

        @Override
        public int read(long position, ByteBuffer target) {
          throw new AssertionError("The file is copied: file=" + name);
        }

        @Override
        public void close() {}
      };
    };
  }

  private static TimelogStore.Builder small(MemoryBudget memory) {
    return TimelogStore.builder()
        .memoryBudget(memory)
        .targetPageBytes(4096)
        .commitLog(CommitLog.NONE);
  }

  private byte[] exportLarge(int entries, long memory) throws IOException {
    Path origin = temporary.resolve("origin");
    try (TimelogStore store = TimelogStore.open(origin, small(MemoryBudget.ofBytes(memory)))) {
      Table events = store.createTable(EVENTS_OF_LONG_WINDOWS);
      for (int i = 0; i < entries; i++) {
        events.append(key(i % 8), i, bytes("a value of a hundred bytes ".repeat(4) + i));
      }
      return written(store);
    }
  }

  @Test
  void importWithoutACommit_leavesNothing_andMayBeDoneAgain() throws IOException {
    byte[] metadata = export(0, 1);
    importing().add(metadata, source(), 0, ALL).finish().close();
    try (TimelogStore store = TimelogStore.open(directory(), TimelogStore.builder())) {
      assertThat(store.tables()).isEmpty();
    }
    try (TimelogStore store = importing().add(metadata, source(), 0, ALL).finish()) {
      assertThat(read(store)).hasSize(2 * 26);
      store.commit(bytes("t"));
    }
    assertThat(TimelogStore.verify(directory()).rows()).isPositive();
  }

  @Test
  void storeThatHasCommitted_isNotImportedInto() throws IOException {
    byte[] metadata = export(0, 1);
    try (TimelogStore store = TimelogStore.open(directory(), TimelogStore.builder())) {
      store.openTable(EVENTS).append(key(8), 1, bytes("mine"));
      store.commit(bytes("t"));
      assertThatThrownBy(() -> importing().add(metadata, source(), 0, ALL).finish())
          .isInstanceOf(StoreLockedException.class);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> importing().add(metadata, source(), 0, ALL).finish())
        .withMessageStartingWith("A store was committed to the directory, import into another one");
    try (TimelogStore store = TimelogStore.open(directory(), TimelogStore.builder())) {
      assertThat(read(store)).containsExactly("8@1=mine");
    }
  }

  @Test
  void importThatFails_letsGoOfTheDirectory() throws IOException {
    byte[] metadata = export(0, 1);
    files.clear();
    assertThatThrownBy(() -> importing().add(metadata, source(), 0, ALL).finish())
        .isInstanceOf(TimelogException.class);

    TimelogStore.open(directory(), TimelogStore.builder()).close();
    assertThat(segmentFiles()).isEmpty();
  }
}
