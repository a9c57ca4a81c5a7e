package io.timelog.internal.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.timelog.KeyGroups;
import io.timelog.TimelogException;
import io.timelog.internal.compression.PageCodecs;
import io.timelog.internal.compression.StoredPlace;
import io.timelog.internal.compression.StoredSegment;
import io.timelog.internal.directory.StoreFile;
import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.format.Checksum;
import io.timelog.internal.format.GoldenBytes;
import io.timelog.internal.journal.LogAudit;
import io.timelog.internal.journal.LogManifest;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.manifest.ManifestFormat;
import io.timelog.internal.manifest.StoreManifestFormat;
import io.timelog.internal.row.Rule;
import io.timelog.internal.segment.SegmentAudit;
import io.timelog.internal.segment.SegmentChecksums;
import io.timelog.internal.segment.SegmentFindings;
import io.timelog.internal.storage.disk.LockFiles;
import io.timelog.internal.storage.disk.PositionedFile;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.Mutator;
import io.timelog.testing.RunCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The readers of all kinds of files, given any bytes: each reads them or reports them, throws
 * nothing else, and takes no more memory than the file has. The corpus is what is released and what
 * was interesting once ({@code src/test/resources/format/corpus}); from it, others are made. Half
 * of them get right checksums, so that what is behind these is reached.
 */
final class FuzzedReadersTest {
  private static final int ROUNDS = 6_000;

  /** What a reader may take beside some times the length of what it reads. */
  private static final long FIXED_BYTES = 1 << 20;

  private static final int TIMES = 64;

  /** The length of the segment in the golden file of a compressed one, and the codec of that. */
  private static final int COMPRESSED_BYTES = 344;

  private static final PageCodecs RUNS = new PageCodecs(null, List.of(new RunCodec("runs")));

  @TempDir private static Path temporary;

  /** A reader, and what it is given. */
  enum Target {
    STORE_MANIFEST("v1/store-manifest.hex v1/store-manifest-of-compressed.hex") {
      @Override
      void read(byte[] bytes) {
        StoreManifestFormat.decode(bytes, "fuzzed");
      }

      @Override
      void makeChecksumsRight(byte[] bytes) {
        manifestChecksum(bytes);
      }
    },

    EXPORT_MANIFEST("v1/manifest.hex") {
      @Override
      void read(byte[] bytes) {
        ManifestFormat.decode(bytes, "fuzzed");
      }

      @Override
      void makeChecksumsRight(byte[] bytes) {
        manifestChecksum(bytes);
      }
    },

    SEGMENT("v1/segment.hex v1/segment-with-time-index.hex v1/segment-of-many-keys.hex") {
      @Override
      void read(byte[] bytes) throws IOException {
        String name = new StoreFile(Kind.SEGMENTS, 1).name();
        RecordingDisk disk = new RecordingDisk(Map.of(name, bytes));
        try (PositionedFile file = disk.open(name)) {
          for (Rule rule : Rule.values()) {
            SegmentSlice input = new SegmentSlice(name, stored(file), bytes.length);
            new SegmentAudit(input, rule, KeyGroups.NONE, new Nobody()).run();
          }
        }
      }

      @Override
      void makeChecksumsRight(byte[] bytes) {
        SegmentChecksums.makeRight(bytes);
      }
    },

    COMPRESSED_SEGMENT("v1/compressed-segment.hex") {
      @Override
      void read(byte[] bytes) {
        if (bytes.length > 0) {
          new StoredPlace(
                  "fuzzed",
                  0,
                  bytes.length,
                  (offset, target) -> target.put(bytes, (int) offset, target.remaining()))
              .open(COMPRESSED_BYTES, RUNS, new HeapMemory())
              .read(0, ByteBuffer.allocate(COMPRESSED_BYTES));
        }
      }

      @Override
      void makeChecksumsRight(byte[] bytes) {
        compressedChecksum(bytes);
      }
    },

    LOG("v1/log.hex") {
      @Override
      void read(byte[] bytes) throws IOException {
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 96) {
          return;
        }
        UUID store = new UUID(numbers.getLong(16), numbers.getLong(24));
        long number = Math.max(1, numbers.getLong(32));
        long firstBatch = numbers.getLong(64 + 24);
        RecordingDisk disk = new RecordingDisk(Map.of(StoreFile.nameOfLog(number), bytes));
        LogManifest named =
            new LogManifest(List.of(new LogEntry(number, LogEntry.OPEN)), firstBatch, 0);
        LogAudit.read(disk, StoreFile::nameOfLog, store, named, List.of(number));
      }

      @Override
      void makeChecksumsRight(byte[] bytes) {
        logChecksums(bytes);
      }
    },

    LOCK("") {
      @Override
      void read(byte[] bytes) throws IOException {
        Path file = temporary.resolve("LOCK");
        Files.write(file, bytes);
        assertThat(LockFiles.holder(file)).hasSizeLessThanOrEqualTo(4096);
      }

      @Override
      void makeChecksumsRight(byte[] bytes) {
        // It has none.
      }
    };

    private final String released;

    /** Given these golden files, with blanks between them. */
    Target(String released) {
      this.released = released;
    }

    abstract void read(byte[] bytes) throws IOException;

    abstract void makeChecksumsRight(byte[] bytes);

    List<byte[]> corpus() {
      List<byte[]> corpus = new ArrayList<>();
      released
          .lines()
          .flatMap(files -> Stream.of(files.split(" ")))
          .forEach(file -> corpus.add(GoldenBytes.read(file)));
      corpus.addAll(GoldenBytes.lines("corpus/" + name().toLowerCase(Locale.ROOT) + ".hex"));
      return corpus;
    }
  }

  /** Findings are not looked at here. */
  private static final class Nobody implements SegmentFindings {
    @Override
    public void rowsLost(long offset, String problem, long first, long last, long rows) {}

    @Override
    public void segmentLost(long offset, String problem) {}

    @Override
    public void nothingLost(long offset, String problem) {}
  }

  @ParameterizedTest
  @EnumSource
  void corpus_isRead_orReported(Target target) {
    for (byte[] bytes : target.corpus()) {
      outcome(target, bytes, "corpus");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyBytes_areRead_orReported(Target target) {
    List<byte[]> corpus = target.corpus();
    Mutator mutator = new Mutator(7);
    Map<String, Integer> outcomes = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutator.mutate(corpus.get(round % corpus.size()));
      if (round % 2 == 0) {
        target.makeChecksumsRight(bytes);
      }
      outcomes.merge(outcome(target, bytes, "round " + round), 1, Integer::sum);
    }
    assertThat(outcomes).containsKey("read");
    if (target != Target.LOCK && target != Target.SEGMENT) {
      assertThat(outcomes).hasSizeGreaterThan(2);
    }
  }

  private static StoredSegment stored(PositionedFile file) {
    return new StoredPlace(file.name(), 0, 0, (offset, target) -> read(file, offset, target))
        .open(file.length(), PageCodecs.NONE, new HeapMemory());
  }

  private static void read(PositionedFile file, long offset, ByteBuffer target) {
    try {
      file.read(offset, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String outcome(Target target, byte[] bytes, String what) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    String outcome;
    try {
      target.read(bytes);
      outcome = "read";
    } catch (TimelogException reported) {
      outcome = reported.getMessage().replaceAll("[:=@].*", "");
    } catch (IOException e) {
      throw new AssertionError(what, e);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as("bytes taken by %s for %s of length %s", target, what, bytes.length)
        .isLessThan(FIXED_BYTES + (long) TIMES * bytes.length);
    return outcome;
  }

  private static void compressedChecksum(byte[] bytes) {
    if (bytes.length >= 28) {
      ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int end = bytes.length - 28;
      long tail = 20L * file.getInt(end + 8) + (file.getShort(end + 12) & 0xFFFF);
      if (0 <= tail && tail <= end) {
        int start = (int) (end - tail);
        file.putInt(end + 16, Checksum.of(file, start, end + 16 - start));
      }
    }
  }

  private static void manifestChecksum(byte[] bytes) {
    if (bytes.length >= 16) {
      ByteBuffer manifest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      manifest.putInt(8, bytes.length);
      manifest.putInt(12, Checksum.of(manifest, 16, bytes.length - 16));
    }
  }

  private static void logChecksums(byte[] bytes) {
    ByteBuffer log = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 64) {
      return;
    }
    log.putInt(60, Checksum.of(log, 0, 60));
    int at = 64;
    while (bytes.length - at >= 56) {
      int length = log.getInt(at);
      if (length < 56 || length > bytes.length - at) {
        return;
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes, at + 8, length - 8);
      log.putInt(at + 4, (int) crc.getValue());
      at += length;
    }
  }
}
