package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Codecs;
import io.timelog.CommitLog;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.MemoryBudget;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import io.timelog.testing.DeflateCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A directory as a store of the released format has left it, with what must be read from it for
 * ever. The files lie in an archive under {@code src/test/resources/format}, which is never made
 * anew; {@link #write} says what was done to get it, and what is done so today must be read alike.
 * {@link GoldenDirectoryWriter} makes the archive of a new one.
 */
enum GoldenDirectory {
  /** All is in one file of the commit log: each kind of item, and each kind of row. */
  LOG("559be94b") {
    @Override
    void write(Path directory) {
      try (TimelogStore store = open(directory, CommitLog.SYNCED)) {
        Table events =
            store.createTable(
                TableOptions.multimap("events")
                    .windowSize(100, 0)
                    .lateEntries(LateEntries.REFUSE)
                    .build());
        Table state =
            store.createTable(
                TableOptions.map("map-state").windowSize(1_000, 0).indexTime().build());
        Table gone = store.createTable(TableOptions.multimap("gone").unbounded().build());
        for (int i = 0; i < 200; i++) {
          events.append(key(i % 7), 10L * i, value(i));
          state.put(key(i % 11), i, subkey(i), value(i));
          gone.append(key(i), i, value(i));
        }
        commit(store, "first");
        state.remove(key(3), 3, subkey(3));
        state.removeRange(key(4), TimeRange.of(0, 100));
        state.deleteRange(TimeRange.of(50, 60));
        events.deleteBefore(300);
        events.append(key(1), 1_000, value(1));
        events.append(key(1), 1_000, value(2));
        store.dropTable("gone");
        commit(store, "second");
        events.append(key(1), 5_000, value(3));
      }
    }
  },

  /** Several files of the log, beside segments that have a part of what is in them. */
  LOG_AND_SEGMENTS("4bc3d90a") {
    @Override
    void write(Path directory) {
      try (TimelogStore store =
          TimelogStore.open(directory, settings(CommitLog.BUFFERED).logMaxBytes(4096))) {
        Table events = store.createTable(TableOptions.multimap("events").windowSize(50, 0).build());
        Table state = store.createTable(TableOptions.map("map-state").windowSize(100, 0).build());
        for (int commit = 0; commit < 60; commit++) {
          for (int i = 0; i < 8; i++) {
            events.append(key(i), 5L * commit + i, value(i));
            state.put(key(i), 5L * commit + i, subkey(i), value(commit));
          }
          if (commit % 10 == 9) {
            state.deleteRange(TimeRange.of(5L * commit - 20, 5L * commit - 15));
            events.deleteBefore(5L * commit - 200);
          }
          commit(store, "commit " + commit);
        }
      }
    }
  },

  /** Segments of all kinds, small ones together in files, in both levels; floors and deletes. */
  SEGMENTS("b63f3eb8") {
    @Override
    void write(Path directory) {
      try (TimelogStore store = open(directory, CommitLog.NONE)) {
        Table users =
            store.createTable(
                TableOptions.map("map-users")
                    .windowSize(10_000, 500)
                    .keyGroups(KeyGroups.FIRST_BYTE)
                    .build());
        Table events = store.createTable(TableOptions.multimap("events").indexTime().build());
        Table late =
            store.createTable(
                TableOptions.multimap("late")
                    .windowSize(100, 0)
                    .lateEntries(LateEntries.REFUSE)
                    .build());
        for (int i = 0; i < 600; i++) {
          users.put(key(i % 400), 20L * i, subkey(i), value(i));
          events.append(key(i % 13), 1_000_000 + 7L * i, value(i));
          late.append(key(i % 5), i, value(i));
        }
        commit(store, "first");
        for (int i = 0; i < 100; i++) {
          users.put(key(i), 20L * i, subkey(i), value(-i));
          users.remove(key(200 + i), 20L * (200 + i), subkey(200 + i));
        }
        users.removeRange(key(350), TimeRange.of(0, 9_000));
        events.deleteRange(TimeRange.of(1_000_700, 1_001_400));
        late.deleteBefore(250);
        commit(store, "second");
      }
    }
  },

  /** Rows of one key in many pages, a row that is longer than a page, and a key that nearly is. */
  LARGE_ROWS("d26ab428") {
    @Override
    void write(Path directory) {
      try (TimelogStore store =
          TimelogStore.open(directory, settings(CommitLog.NONE).targetPageBytes(4096))) {
        Table events =
            store.createTable(TableOptions.multimap("events").unbounded().indexTime().build());
        for (int i = 0; i < 3_000; i++) {
          events.append(key(1), 3L * i, value(i));
        }
        byte[] longKey = new byte[3_900];
        Arrays.fill(longKey, (byte) 'k');
        for (int i = 0; i < 20; i++) {
          events.append(longKey, i, value(i));
        }
        byte[] longValue = new byte[20_000];
        Arrays.fill(longValue, (byte) 'v');
        events.append(key(2), 7, longValue);
        events.append(key(2), Long.MIN_VALUE, new byte[0]);
        events.append(new byte[0], Long.MAX_VALUE, value(0));
        commit(store, "large");
      }
    }
  },

  /** More than memory had room for: what has left it before the commit, and what has not. */
  SPILLED("7d01b4f9") {
    @Override
    void write(Path directory) throws IOException {
      TimelogStore.Builder settings =
          settings(CommitLog.NONE)
              .memoryBudget(MemoryBudget.ofBytes(2 << 20))
              .targetPageBytes(4096);
      try (TimelogStore store = TimelogStore.open(directory, settings)) {
        Table events =
            store.createTable(TableOptions.multimap("events").windowSize(200, 0).build());
        byte[] value = new byte[500];
        for (int i = 0; i < 6_000; i++) {
          Arrays.fill(value, (byte) ('a' + i % 10));
          events.append(key(i % 20), i, value);
        }
        try (Stream<Path> files = Files.list(directory)) {
          assertThat(files.map(Path::toString)).anyMatch(file -> file.endsWith(".seg"));
        }
        commit(store, "spilled");
      }
    }
  },

  /** Half of two other stores each, with the deletes of both. */
  IMPORTED("98b78a86") {
    @Override
    void write(Path directory) {
      try (TimelogStore one = exported(1);
          TimelogStore two = exported(2);
          StoreExport first = one.beginExport();
          StoreExport second = two.beginExport()) {
        first.write();
        second.write();
        try (TimelogStore store =
            StoreImport.into(directory, settings(CommitLog.SYNCED))
                .add(first.metadata(), first::open, 0, 'c')
                .add(second.metadata(), second::open, 'd', Integer.MAX_VALUE)
                .finish()) {
          commit(store, "imported");
          store.table("map-state").put(grouped(1), 1, subkey(0), value(0));
          commit(store, "and written to");
        }
      }
    }

    private TimelogStore exported(int number) {
      TimelogStore store = TimelogStore.builder().build();
      Table state =
          store.createTable(
              TableOptions.map("map-state")
                  .windowSize(100, 0)
                  .keyGroups(KeyGroups.FIRST_BYTE)
                  .build());
      for (int i = 0; i < 300; i++) {
        state.put(grouped(i), i, subkey(i), value(number * i));
      }
      store.flush();
      state.deleteRange(TimeRange.of(100L * number, 100L * number + 30));
      state.deleteBefore(10L * number);
      return store;
    }

    /** A key in one of six groups. */
    private byte[] grouped(int i) {
      return ((char) ('a' + i % 6) + "-" + i % 50).getBytes(UTF_8);
    }
  },

  /** Pages that are compressed, such as do not become shorter, and what is older than the codec. */
  COMPRESSED("f20150a4") {
    @Override
    void write(Path directory) {
      TimelogStore.Builder plain = settings(CommitLog.NONE).targetPageBytes(4096);
      try (TimelogStore store = TimelogStore.open(directory, plain)) {
        Table events =
            store.createTable(TableOptions.multimap("events").windowSize(100, 0).build());
        for (int i = 0; i < 400; i++) {
          events.append(key(i % 7), i, value(i));
        }
        commit(store, "plain");
      }
      TimelogStore.Builder compressing =
          settings(CommitLog.NONE).targetPageBytes(4096).compression(new DeflateCodec());
      try (TimelogStore store = TimelogStore.open(directory, compressing)) {
        Table events = store.table("events");
        for (int i = 400; i < 800; i++) {
          events.append(key(i % 7), i, value(i));
          if (i % 100 == 0) {
            events.append(key(7), i, noise(i));
          }
        }
        commit(store, "compressed");
      }
    }
  },

  /** A log of values, whose windows were cut by what came. */
  VALUES("cb81f6e1") {
    @Override
    void write(Path directory) {
      try (Timelog<String> log =
          Timelog.builder(Codecs.utf8()).directory(directory).commitLog(CommitLog.NONE).build()) {
        for (int i = 0; i < 1_000; i++) {
          log.append(60_000L * i, "value " + i);
        }
        log.deleteRange(600_000, 1_200_000);
        log.commit("values".getBytes(UTF_8));
      }
    }
  };

  private static final List<String> NOT_KEPT = List.of("LOCK");

  private final String checksum;

  GoldenDirectory(String checksum) {
    this.checksum = checksum;
  }

  /** Has a store make the directory, and closes it. */
  abstract void write(Path directory) throws IOException;

  /** The checksum of the {@link Contents} that are found in it. */
  String checksum() {
    return checksum;
  }

  /** The checksum of something that was found. */
  static String checksumOf(Contents contents) {
    CRC32 checksum = new CRC32();
    checksum.update(contents.toString().getBytes(UTF_8));
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  /** Whether an archive has a file of this name: the lock is of the process that was there. */
  static boolean keeps(Path file) {
    return !NOT_KEPT.contains(file.getFileName().toString());
  }

  /** The name of the archive. */
  String archive() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".zip";
  }

  /** Puts the files of the archive into a new directory. */
  void extract(Path directory) throws IOException {
    Files.createDirectory(directory);
    try (InputStream archive =
            GoldenDirectory.class.getResourceAsStream("/format/v1/directories/" + archive());
        ZipInputStream files = new ZipInputStream(archive)) {
      for (ZipEntry file = files.getNextEntry(); file != null; file = files.getNextEntry()) {
        Files.copy(files, directory.resolve(file.getName()));
      }
    }
  }

  private static TimelogStore.Builder settings(CommitLog log) {
    return TimelogStore.builder().commitLog(log).memoryBudget(MemoryBudget.ofBytes(16 << 20));
  }

  private static TimelogStore open(Path directory, CommitLog log) {
    return TimelogStore.open(directory, settings(log));
  }

  private static void commit(TimelogStore store, String token) {
    store.commit(token.getBytes(UTF_8));
  }

  private static byte[] key(int number) {
    return ("key" + number).getBytes(UTF_8);
  }

  private static byte[] subkey(int number) {
    return ("s" + number % 3).getBytes(UTF_8);
  }

  private static byte[] value(int number) {
    return ("value" + number).getBytes(UTF_8);
  }

  /** A value that fills a page of its own, which does not become shorter. */
  static byte[] noise(int number) {
    byte[] noise = new byte[5_000];
    new SplittableRandom(number).nextBytes(noise);
    return noise;
  }
}
