package io.timelog.durability;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Codecs;
import io.timelog.CommitLog;
import io.timelog.Entry;
import io.timelog.PageCodec;
import io.timelog.RecoveryReport;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import io.timelog.TimelogStore;
import io.timelog.VerificationReport;
import io.timelog.testing.DeflateCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a released version has left in a directory is opened, verified and read for ever. */
final class GoldenDirectoryTest {
  /** The codec of {@link GoldenDirectory#COMPRESSED}. */
  private static final PageCodec CODEC = new DeflateCodec();

  @TempDir private Path temporary;

  private Path extracted(GoldenDirectory golden) throws IOException {
    Path directory = temporary.resolve(golden.archive());
    golden.extract(directory);
    return directory;
  }

  private static TimelogStore open(Path directory, CommitLog log) {
    return TimelogStore.open(directory, TimelogStore.builder().commitLog(log).decompression(CODEC));
  }

  private static void assertRead(GoldenDirectory golden, TimelogStore store) {
    Contents contents = Contents.of(store);
    assertThat(GoldenDirectory.checksumOf(contents))
        .as("%s has %s", golden, contents)
        .isEqualTo(golden.checksum());
  }

  @ParameterizedTest
  @EnumSource
  void directory_isSound_andOpenedAsItWasCommitted(GoldenDirectory golden) throws IOException {
    for (CommitLog log : CommitLog.values()) {
      Path directory = temporary.resolve(log.name());
      golden.extract(directory);
      VerificationReport report = TimelogStore.verify(directory, CODEC);

      assertThat(report.isSound()).as("%s", report).isTrue();
      try (TimelogStore store = open(directory, log)) {
        assertRead(golden, store);
        assertThat(store.recovery().unknownFiles()).isEmpty();
      }
      try (TimelogStore store = open(directory, log)) {
        assertRead(golden, store);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void token_isFoundWithoutOpening(GoldenDirectory golden) throws IOException {
    Path directory = extracted(golden);

    byte[] token = TimelogStore.committedToken(directory).orElseThrow();

    try (TimelogStore store = open(directory, CommitLog.SYNCED)) {
      assertThat(store.committedToken())
          .hasValueSatisfying(found -> assertThat(found).isEqualTo(token));
    }
  }

  @ParameterizedTest
  @EnumSource
  void store_goesOn(GoldenDirectory golden) throws IOException {
    Path directory = extracted(golden);
    TableOptions more = TableOptions.multimap("more").unbounded().build();
    Contents before;
    try (TimelogStore store = open(directory, CommitLog.SYNCED)) {
      store.compact();
      assertRead(golden, store);
      store.openTable(more).append(new byte[] {'k'}, 1, new byte[] {'v'});
      store.commit("more".getBytes(UTF_8));
      before = Contents.of(store);
    }
    try (TimelogStore store = open(directory, CommitLog.SYNCED)) {
      assertThat(Contents.of(store)).isEqualTo(before);
      store.dropTable("more");
      assertThat(GoldenDirectory.checksumOf(Contents.of(store, tokenOf(golden))))
          .isEqualTo(golden.checksum());
    }
    assertThat(TimelogStore.verify(directory, CODEC).isSound()).isTrue();
  }

  private String tokenOf(GoldenDirectory golden) throws IOException {
    Path again = temporary.resolve("again");
    golden.extract(again);
    return new String(TimelogStore.committedToken(again).orElseThrow(), UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenSoToday_isReadAlike(GoldenDirectory golden) throws IOException {
    Path directory = temporary.resolve("today");
    golden.write(directory);

    assertThat(TimelogStore.verify(directory, CODEC).isSound()).isTrue();
    try (TimelogStore store = open(directory, CommitLog.SYNCED)) {
      assertRead(golden, store);
    }
  }

  @Test
  void directories_haveWhatTheyAreFor() throws IOException {
    assertThat(files(GoldenDirectory.LOG, ".log")).hasSize(1);
    assertThat(files(GoldenDirectory.LOG, ".seg")).isEmpty();
    assertThat(files(GoldenDirectory.LOG_AND_SEGMENTS, ".log")).hasSizeGreaterThan(1);
    assertThat(files(GoldenDirectory.LOG_AND_SEGMENTS, ".seg")).isNotEmpty();
    assertThat(recovery(GoldenDirectory.LOG_AND_SEGMENTS).replayedEntries()).isPositive();
    assertThat(recovery(GoldenDirectory.SEGMENTS).segments())
        .isGreaterThan(files(GoldenDirectory.SEGMENTS, ".seg").size());
    assertThat(recovery(GoldenDirectory.SPILLED).bytes()).isGreaterThan(2 << 20);
    String segments = contentOf(GoldenDirectory.COMPRESSED, ".seg");
    assertThat(segments).as("plain pages").contains("value399");
    assertThat(segments).as("compressed pages").doesNotContain("value400");
    assertThat(segments)
        .as("pages that do not become shorter")
        .contains(new String(GoldenDirectory.noise(400), ISO_8859_1));
  }

  /** The files, each byte as a character. */
  private String contentOf(GoldenDirectory golden, String ending) throws IOException {
    StringBuilder content = new StringBuilder();
    for (String file : files(golden, ending)) {
      content.append(Files.readString(Path.of(file), ISO_8859_1));
    }
    return content.toString();
  }

  private List<String> files(GoldenDirectory golden, String ending) throws IOException {
    Path directory = Files.createTempDirectory(temporary, "files").resolve("store");
    golden.extract(directory);
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(name -> name.endsWith(ending)).toList();
    }
  }

  private RecoveryReport recovery(GoldenDirectory golden) throws IOException {
    Path directory = Files.createTempDirectory(temporary, "recovery").resolve("store");
    golden.extract(directory);
    try (TimelogStore store = open(directory, CommitLog.NONE)) {
      return store.recovery();
    }
  }

  @Test
  void logOfValues_isOpenedAsOne() throws IOException {
    Path directory = extracted(GoldenDirectory.VALUES);
    try (Timelog<String> log = Timelog.builder(Codecs.utf8()).directory(directory).build()) {
      assertThat(log.count(TimeRange.all())).isEqualTo(990);
      assertThat(log.point(60_000)).containsExactly(new Entry<>(60_000, "value 1"));
    }
  }
}
