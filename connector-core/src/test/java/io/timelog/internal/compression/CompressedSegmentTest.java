package io.timelog.internal.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.PageCodec;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.DiskException;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.DeflateCodec;
import io.timelog.testing.RunCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a codec does, and whatever became of a file: what is read was written, or is damage. */
final class CompressedSegmentTest {
  private static final String FILE = "f.seg";
  private static final int FRONT = 100;
  private static final int PAGE = 600;
  private static final int PAGES = 9;
  private static final int BACK = 300;

  /** Where the segment begins in its file, behind another one. */
  private static final int OFFSET = 64;

  private static final PageCodec DEFLATE = new DeflateCodec();

  private final LentMemory memory = new LentMemory();

  /** Every third page is noise, which does not become shorter; the others are mostly one letter. */
  private static byte[] segment() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] segment = new byte[FRONT + PAGES * PAGE + BACK];
    random.nextBytes(segment);
    for (int page = 0; page < PAGES; page++) {
      if (page % 3 != 1) {
        int start = FRONT + PAGE * page;
        Arrays.fill(segment, start + 8, start + PAGE, (byte) ('a' + page));
      }
    }
    return segment;
  }

  private static long[] pageEnds() {
    return LongStream.rangeClosed(0, PAGES).map(page -> FRONT + PAGE * page).toArray();
  }

  /** The bytes of the file in which a segment lies at {@link #OFFSET}. */
  private static byte[] write(byte[] segment, long[] pageEnds, PageCodec codec) throws IOException {
    RecordingDisk disk = new RecordingDisk();
    try (AppendFile file = disk.create(FILE)) {
      file.write(ByteBuffer.allocate(OFFSET));
      long length =
          new CompressedOutput(codec)
              .write(
                  (offset, target) -> target.put(segment, (int) offset, target.remaining()),
                  segment.length,
                  pageEnds,
                  file);
      assertThat(length).isEqualTo(file.position() - OFFSET);
    }
    return Objects.requireNonNull(disk.files().get(FILE));
  }

  private static byte[] written(PageCodec codec) throws IOException {
    return write(segment(), pageEnds(), codec);
  }

  private StoredSegment open(byte[] file, long length, PageCodec... codecs) {
    return new StoredPlace(
            FILE,
            OFFSET,
            file.length - OFFSET,
            (offset, target) -> target.put(file, OFFSET + (int) offset, target.remaining()))
        .open(length, new PageCodecs(null, List.of(codecs)), memory);
  }

  private static byte[] read(StoredSegment stored, int offset, int length) {
    ByteBuffer target = ByteBuffer.allocate(length + 2).position(1).limit(length + 1);
    stored.read(offset, target);
    assertThat(target.position()).isEqualTo(length + 1);
    assertThat(target.get(0)).isZero();
    return Arrays.copyOfRange(target.array(), 1, length + 1);
  }

  @Test
  void everyRange_isReadAsItWasWritten() throws IOException {
    byte[] segment = segment();
    SplittableRandom random = new SplittableRandom(2);
    StoredSegment stored = open(written(DEFLATE), segment.length, DEFLATE);
    for (int i = 0; i < 3_000; i++) {
      int from = random.nextInt(segment.length + 1);
      int to = random.nextInt(from, segment.length + 1);
      assertThat(read(stored, from, to - from))
          .as("%s..%s", from, to)
          .isEqualTo(Arrays.copyOfRange(segment, from, to));
    }
    for (int page = 0; page < PAGES; page++) {
      int start = FRONT + PAGE * page;
      assertThat(read(stored, start, PAGE))
          .isEqualTo(Arrays.copyOfRange(segment, start, start + PAGE));
    }
    assertThat(memory.lent()).isEqualTo(1);
    assertThat(stored.heldBytes()).isPositive();

    stored.close();
    stored.close();

    assertThat(memory.lent()).isZero();
    assertThat(stored.heldBytes()).isZero();
  }

  @Test
  void pages_areCompressed_unlessTheyDoNotBecomeShorter() throws IOException {
    byte[] segment = segment();
    byte[] file = written(DEFLATE);

    // Three pages of noise, the rest as it is, and hardly anything else.
    assertThat(file.length - OFFSET)
        .isBetween(FRONT + 3 * PAGE + BACK, FRONT + 3 * PAGE + BACK + 6 * 40 + 12 * 20 + 40);
    assertThat(contains(file, Arrays.copyOfRange(segment, FRONT + PAGE, FRONT + 2 * PAGE)))
        .isTrue();
    assertThat(contains(file, Arrays.copyOfRange(segment, FRONT, FRONT + PAGE))).isFalse();
  }

  @Test
  void segmentOfWhichNothingBecomesShorter_isAsItIs_withATable() throws IOException {
    byte[] noise = new byte[5_000];
    new SplittableRandom(3).nextBytes(noise);
    byte[] file = write(noise, new long[] {10, 2_000, 4_000}, DEFLATE);

    assertThat(file).hasSize(OFFSET + noise.length + 20 + "deflate".length() + 28);
    assertThat(read(open(file, noise.length, DEFLATE), 0, noise.length)).isEqualTo(noise);
  }

  @Test
  void segmentWithoutPages_isRead() throws IOException {
    byte[] segment = {1, 2, 3, 4, 5};
    byte[] file = write(segment, new long[] {2}, DEFLATE);

    assertThat(read(open(file, segment.length, DEFLATE), 0, 5)).isEqualTo(segment);
  }

  @Test
  void longestPages_areNotCompressed_soThatNoneTakesMoreMemory() throws IOException {
    int longest = 16 << 20;
    byte[] zeros = new byte[2 * longest + 1];
    byte[] file = write(zeros, new long[] {0, longest, zeros.length - 1}, new RunCodec("runs"));
    byte[] longer = write(zeros, new long[] {0, longest + 1, zeros.length - 1}, DEFLATE);

    assertThat(file.length).isLessThan(longest);
    assertThat(longer.length).isGreaterThan(longest);
    assertThat(read(open(longer, zeros.length, DEFLATE), longest - 5, 100))
        .isEqualTo(new byte[100]);
    assertThat(memory.largest()).isLessThanOrEqualTo(longest);
  }

  @Test
  void everyFlippedBit_isReported_butThoseOfWhatIsAsItIs() throws IOException {
    byte[] segment = segment();
    byte[] good = written(DEFLATE);
    int asItIs = 0;
    for (int bit = Byte.SIZE * OFFSET; bit < Byte.SIZE * good.length; bit++) {
      byte[] damaged = good.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] found;
      try {
        found = read(open(damaged, segment.length, DEFLATE), 0, segment.length);
      } catch (TimelogCorruptionException damage) {
        assertThat(damage.file()).isEqualTo(FILE);
        assertThat(damage.offset()).as("bit %s", bit).isBetween((long) OFFSET, bit / 8L);
        continue;
      }
      // The segment has checksums of its own for it.
      int at = Arrays.mismatch(found, segment);
      assertThat(at).as("bit %s", bit).isNotNegative();
      found[at] ^= (byte) (1 << bit % 8);
      assertThat(found).as("bit %s", bit).isEqualTo(segment);
      asItIs++;
    }
    assertThat(asItIs).isEqualTo(Byte.SIZE * (FRONT + 3 * PAGE + BACK));
  }

  @Test
  void everyTruncation_andEveryOtherLength_isReported() throws IOException {
    byte[] good = written(DEFLATE);
    int length = segment().length;
    for (int cut = OFFSET + 1; cut < good.length; cut++) {
      byte[] damaged = Arrays.copyOf(good, cut);
      assertThatThrownBy(() -> open(damaged, length, DEFLATE))
          .as("length %s", cut)
          .isInstanceOf(TimelogCorruptionException.class);
    }
    for (int other : new int[] {0, 1, length - 1, length + 1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> open(good, other, DEFLATE))
          .isInstanceOf(TimelogCorruptionException.class)
          .hasMessageStartingWith("Table of a compressed segment does not fit it: length=" + other);
    }
    assertThat(memory.lent()).isZero();
  }

  @Test
  void absurdNumbersWithARightChecksum_areReported_andTakeNoMemory() throws IOException {
    byte[] good = written(DEFLATE);
    int length = segment().length;
    for (int at = good.length - 12 * 20 - 7 - 28; at < good.length; at++) {
      for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        byte[] damaged = good.clone();
        damaged[at] = (byte) value;
        makeChecksumRight(damaged);
        try {
          read(open(damaged, length, DEFLATE), 0, length);
        } catch (TimelogException told) {
          assertThat(told.getMessage()).contains(FILE);
        }
        assertThat(memory.largest()).as("byte %s set to %s", at, value).isLessThanOrEqualTo(length);
      }
    }
  }

  /** Of the tail, as long as its length is right. */
  private static void makeChecksumRight(byte[] file) {
    ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long length =
        CompressedFormat.tailLength(CompressedFormat.count(end), CompressedFormat.nameLength(end));
    if (0 < length && length <= file.length) {
      ByteBuffer tail =
          end.slice(file.length - (int) length, (int) length).order(ByteOrder.LITTLE_ENDIAN);
      tail.putInt(tail.limit() - 12, CompressedFormat.computeChecksum(tail));
    }
  }

  @Test
  void unknownCodec_isRefused_byItsName() throws IOException {
    byte[] file = written(new RunCodec("zstd-3"));

    assertThatThrownBy(() -> open(file, segment().length, DEFLATE, new RunCodec("lz4")))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageStartingWith(
            "Pages are compressed by a codec that was not given; give it to compression or"
                + " decompression of the builder, or to the verification: codec=zstd-3,"
                + " given=[deflate, lz4], source=f.seg@");
    assertThat(memory.lent()).isZero();
  }

  @Test
  void newerFormat_isRefused_andIsNoDamage() throws IOException {
    byte[] file = written(DEFLATE);
    file[file.length - 14] = 9;
    makeChecksumRight(file);

    assertThatThrownBy(() -> open(file, segment().length, DEFLATE))
        .isExactlyInstanceOf(TimelogException.class)
        .hasMessageStartingWith(
            "Compressed segment has a format that this build does not read, use a newer version of"
                + " Timelog: formatVersion=9, known=1, source=f.seg@");
  }

  /** A codec that does one thing wrong. */
  private record Wrong(String name, @Nullable String failure, int missing) implements PageCodec {
    @Override
    public boolean compress(ByteBuffer page, ByteBuffer target) {
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      return false;
    }

    @Override
    public void decompress(ByteBuffer compressed, ByteBuffer page) {
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      page.position(page.limit() - missing);
    }
  }

  @Test
  void codecThatFailsToCompress_isARefusalOfTheDisk() {
    assertThatThrownBy(() -> written(new Wrong("wrong", "no memory", 0)))
        .isInstanceOfSatisfying(
            DiskException.class,
            refusal -> {
              assertThat(refusal.file()).isEqualTo(FILE);
              assertThat(refusal.operation()).isEqualTo("compress");
              assertThat(refusal.reason())
                  .hasMessage("The codec failed: codec=wrong")
                  .hasRootCauseMessage("no memory");
            });
  }

  @Test
  void codecThatFailsToDecompress_isDamage() throws IOException {
    byte[] file = written(new RunCodec("wrong"));
    StoredSegment failing = open(file, segment().length, new Wrong("wrong", "not mine", 0));
    StoredSegment missing = open(file, segment().length, new Wrong("wrong", null, 3));

    assertThatThrownBy(() -> read(failing, FRONT, PAGE))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessage("Page cannot be decompressed: codec=wrong, source=f.seg@" + (OFFSET + FRONT))
        .hasRootCauseMessage("not mine");
    assertThatThrownBy(() -> read(missing, FRONT, PAGE))
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageStartingWith(
            "Page is decompressed to fewer bytes than were compressed: missing=3, codec=wrong,"
                + " source=f.seg@");
    assertThat(memory.lent()).isEqualTo(2);
  }

  @Test
  void placeInTheFile_isThatOfTheByte_orOfItsPage() throws IOException {
    byte[] segment = segment();
    byte[] file = written(DEFLATE);
    StoredSegment stored = open(file, segment.length, DEFLATE);

    assertThat(stored.fileOffset(0)).isEqualTo(OFFSET);
    assertThat(stored.fileOffset(FRONT)).isEqualTo(OFFSET + FRONT);
    assertThat(stored.fileOffset(FRONT + PAGE - 1)).isEqualTo(OFFSET + FRONT);
    for (int at : new int[] {FRONT + PAGE, FRONT + PAGE + 77, segment.length - 1}) {
      assertThat(file[(int) stored.fileOffset(at)]).isEqualTo(segment[at]);
    }
  }

  @Test
  void pagesSideBySide_areReadAtOnce() throws IOException {
    byte[] segment = new byte[40 * PAGE];
    byte[] file =
        write(segment, LongStream.rangeClosed(0, 40).map(page -> page * PAGE).toArray(), DEFLATE);
    ByteArrayOutputStream reads = new ByteArrayOutputStream();
    StoredSegment stored =
        new StoredPlace(
                FILE,
                OFFSET,
                file.length - OFFSET,
                (offset, target) -> {
                  reads.write(1);
                  target.put(file, OFFSET + (int) offset, target.remaining());
                })
            .open(segment.length, new PageCodecs(DEFLATE, List.of()), memory);
    reads.reset();

    read(stored, 3 * PAGE, 20 * PAGE);

    assertThat(reads.size()).isEqualTo(1);
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
