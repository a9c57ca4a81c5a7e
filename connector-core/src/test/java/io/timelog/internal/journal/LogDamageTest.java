package io.timelog.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.RecordingDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Six commits in three files, each forced; the last of them is known to be durable by nobody. */
final class LogDamageTest {
  private static final int COMMITS = 6;
  private static final String FIRST = LoggedStore.logName(1);
  private static final String SECOND = LoggedStore.logName(2);
  private static final String LAST = LoggedStore.logName(3);

  private final Map<String, byte[]> files = new TreeMap<>();

  /** What is seen of the log up to each commit. */
  private final List<List<String>> seen = new ArrayList<>(List.of(List.of()));

  private LogManifest newest;

  /** A manifest that knows the first file only; the others follow it. */
  private final LogManifest oldest = new LogManifest(List.of(new LogEntry(1, LogEntry.OPEN)), 1, 0);

  @BeforeEach
  void writeLog() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    try (LogOnDisk on = new LogOnDisk(disk, SyncPolicy.SYNCED, 500)) {
      for (int commit = 1; commit <= COMMITS; commit++) {
        Row.append("p", commit, "part").writeTo(on.pending.window(LogOnDisk.window(100 + commit)));
        on.log.relieve();
        on.commitRow(commit, "value");
        seen.add(LogOnDisk.seen(disk, oldest));
      }
      newest = on.manifest(0);
      assertThat(newest.files()).hasSize(3);
    }
    files.putAll(disk.files());
  }

  private Disk with(String name, byte[] bytes) {
    Map<String, byte[]> changed = new HashMap<>(files);
    changed.put(name, bytes);
    return new RecordingDisk(changed);
  }

  /** Demands one of the commits, as it was, or a report. Returns the commit; -1 if reported. */
  private int commitOf(Disk disk, LogManifest manifest, String what) throws IOException {
    try {
      RecoveredLog found = LogOnDisk.recover(disk, manifest);
      SeenLog actual = new SeenLog();
      found.replay(actual);
      assertThat(actual.lines).as(what).isEqualTo(seen.get((int) found.commit()));
      return (int) found.commit();
    } catch (TimelogCorruptionException e) {
      assertThat(e.file()).as(what).isIn(files.keySet());
      assertThat(e.offset()).as(what).isBetween(0L, 2_000L);
      return -1;
    }
  }

  private void forEachFlippedBit(BiConsumer<String, byte[]> visitor) {
    files.forEach(
        (name, good) -> {
          for (int bit = 0; bit < Byte.SIZE * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            visitor.accept(name, bad);
          }
        });
  }

  @Test
  void flippedBit_isReported_orIsInTheLastBatches() {
    for (LogManifest manifest : List.of(oldest, newest)) {
      Map<Integer, Integer> outcomes = new TreeMap<>();
      forEachFlippedBit(
          (name, bad) -> {
            int at = Arrays.mismatch(bad, files.get(name));
            String what = name + " at " + at;
            try {
              int commit = commitOf(with(name, bad), manifest, what);
              outcomes.merge(commit, 1, Integer::sum);
              if (commit >= 0) {
                // The part of the last commit and the commit: nobody was told that they are
                // durable.
                assertThat(name).as(what).isEqualTo(LAST);
                assertThat(commit).as(what).isEqualTo(COMMITS - 1);
              }
            } catch (IOException e) {
              throw new AssertionError(what, e);
            }
          });
      assertThat(outcomes).containsOnlyKeys(-1, COMMITS - 1);
    }
  }

  @Test
  void flippedBit_isAlwaysReported_ifAManifestNamesTheLastCommit() {
    LogManifest manifest = new LogManifest(newest.files(), newest.firstBatch(), COMMITS);
    forEachFlippedBit(
        (name, bad) ->
            assertThatThrownBy(() -> LogOnDisk.seen(with(name, bad), manifest))
                .isInstanceOf(TimelogCorruptionException.class));
  }

  @Test
  void truncation_isReported_orLeavesAnEarlierCommit() throws IOException {
    for (LogManifest manifest : List.of(oldest, newest)) {
      for (String name : files.keySet()) {
        byte[] good = files.get(name);
        for (int length = 0; length < good.length; length++) {
          String what = name + " cut at " + length;
          int commit = commitOf(with(name, Arrays.copyOf(good, length)), manifest, what);
          if (!name.equals(LAST)) {
            assertThat(commit).as(what).isEqualTo(-1);
          }
          byte[] zeroed = Arrays.copyOf(Arrays.copyOf(good, length), good.length);
          if (!Arrays.equals(zeroed, good)) {
            commit = commitOf(with(name, zeroed), manifest, what + " by zeros");
            if (!name.equals(LAST)) {
              assertThat(commit).as(what).isEqualTo(-1);
            }
          }
        }
      }
    }
  }

  @Test
  void missingFile_isReported_ifAnotherOneFollows() throws IOException {
    Map<String, byte[]> left = new HashMap<>(files);
    left.remove(SECOND);

    assertThatThrownBy(() -> LogOnDisk.seen(new RecordingDisk(left), oldest))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage("Log file is missing that another one follows, source=0000000000000002.log@0");
    left.remove(LAST);
    // The same as a crash before it was begun.
    assertThat(LogOnDisk.recover(new RecordingDisk(left), oldest).commit()).isPositive();
  }

  @Test
  void damage_isTold_withFileAndPlace() {
    assertMessage(
        FIRST, 70, "Batch of a log is damaged: batch=1 was durable when batch=", FIRST + "@64");
    assertMessage(LAST, 8, "Header of a log file is damaged", LAST + "@0");
    assertMessage(SECOND, 8, "Header of a log file is damaged", SECOND + "@0");
  }

  private void assertMessage(String name, int at, String problem, String source) {
    byte[] bad = files.get(name).clone();
    bad[at]++;
    assertThatThrownBy(() -> LogOnDisk.seen(with(name, bad), oldest))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageStartingWith(problem)
        .hasMessageEndingWith("source=" + source);
  }

  @Test
  void fileOfAnEarlierCommit_doesNotPassForALaterOne() {
    LogManifest manifest = new LogManifest(newest.files(), newest.firstBatch(), COMMITS + 1);

    assertThatThrownBy(() -> LogOnDisk.seen(new RecordingDisk(files), manifest))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageStartingWith(
            "Log ends before the commit of its manifest: lastCommit=6, expected=7");
  }

  @Test
  void bytesOfAnotherFile_areNoBatch() throws IOException {
    // As if the last file had got blocks of the one before.
    byte[] last = files.get(LAST);
    byte[] second = files.get(SECOND);
    byte[] recycled = Arrays.copyOf(last, last.length + second.length - 64);
    System.arraycopy(second, 64, recycled, last.length, second.length - 64);

    assertThat(commitOf(with(LAST, recycled), oldest, "recycled")).isEqualTo(COMMITS);
  }

  @Test
  void length_isNotBelieved_beforeItsChecksumIs() throws IOException {
    byte[] file = Arrays.copyOf(files.get(LAST), 32 << 20);
    int end = files.get(LAST).length;
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(end, 24 << 20).putInt(end + 8, 2).putLong(end + 16, 3);
    Disk disk = with(LAST, file);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    LogOnDisk.recover(disk, oldest);

    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(LogOnDisk.recover(disk, oldest).commit()).isEqualTo(COMMITS);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
  }

  /**
   * Batches that nobody wrote, with a right checksum: any bytes of a log of the corpus are changed.
   * They are read as something else, or reported; nothing else is thrown, and nothing runs away.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void anyBytesWithARightChecksum_areReported_orReadAsSomethingElse(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> corpus =
        List.of(GoldenBytes.read("v1/log.hex"), files.get(FIRST), files.get(LAST));
    Map<Boolean, Integer> outcomes = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      byte[] log = corpus.get(random.nextInt(corpus.size())).clone();
      long number = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN).getLong(32);
      log = mutate(log, random);
      Disk disk = new RecordingDisk(Map.of(LoggedStore.logName(number), log));
      long firstBatch = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN).getLong(64 + 24);
      LogManifest manifest =
          new LogManifest(List.of(new LogEntry(number, LogEntry.OPEN)), firstBatch, 0);

      Throwable thrown = catchThrowable(() -> LogOnDisk.seen(disk, manifest));

      if (thrown != null) {
        assertThat(thrown).isInstanceOf(TimelogException.class);
      }
      outcomes.merge(thrown == null, 1, Integer::sum);
    }
    assertThat(outcomes).containsOnlyKeys(true, false);
  }

  private static byte[] mutate(byte[] log, SplittableRandom random) {
    List<Integer> batches = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 64; at < log.length; at += bytes.getInt(at)) {
      batches.add(at);
    }
    int batch = batches.get(random.nextInt(batches.size()));
    int length = bytes.getInt(batch);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = batch + 8 + random.nextInt(length - 8);
      byte[] interesting = {0, 1, 2, 5, 0x7F, (byte) 0x80, (byte) 0xFF};
      log[at] =
          random.nextBoolean()
              ? interesting[random.nextInt(interesting.length)]
              : (byte) random.nextInt();
    }
    CRC32C crc = new CRC32C();
    crc.update(log, batch + 8, length - 8);
    bytes.putInt(batch + 4, (int) crc.getValue());
    return random.nextInt(8) == 0 ? Arrays.copyOf(log, log.length - random.nextInt(40)) : log;
  }
}
