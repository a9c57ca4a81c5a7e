package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The samples of the README: they run, and the README shows them as they run. */
final class ReadmeTest {
  private static final String START = "    // sample\n";

  @Test
  void sample_readsAKeyInTimeOrder_andForgetsWhatTheWatermarkHasPassed() {
    byte[] alice = "alice".getBytes(UTF_8);
    byte[] home = "home".getBytes(UTF_8);
    byte[] cart = "cart".getBytes(UTF_8);
    byte[] checkout = "checkout".getBytes(UTF_8);
    List<String> seen = new ArrayList<>();

    // sample
    try (TimelogStore store =
        TimelogStore.builder().memoryBudget(MemoryBudget.ofBytes(64L << 20)).build()) {
      Table clicks = store.createTable(TableOptions.multimap("clicks").build());
      clicks.append(alice, 10, home);
      clicks.append(alice, 30, checkout);
      clicks.append(alice, 20, cart); // out of order, and in its place when read
      try (Cursor cursor = clicks.scan(alice, TimeRange.of(10, 30))) { // 30 is not in [10, 30)
        while (cursor.advance()) {
          seen.add(cursor.timestamp() + " " + new String(cursor.value(), UTF_8));
        }
      }
      clicks.deleteBefore(25); // the watermark has passed: home and cart are gone
      // end of sample
      assertThat(seen).containsExactly("10 home", "20 cart");
      assertThat(clicks.count(alice, TimeRange.all())).isOne();
    }
  }

  @Test
  void sampleOfOneLog_isLoopedOver_andForgetsWhatIsOld() {
    List<String> seen = new ArrayList<>();

    // sample
    try (Timelog<String> log = Timelog.builder(Codecs.utf8()).build()) {
      log.append(10, "open");
      log.append(30, "close");
      log.append(20, "edit"); // out of order, and in its place when read
      for (Entry<String> entry : log.range(10, 30)) { // closes itself at its end
        seen.add(entry.timestamp() + " " + entry.value());
      }
      log.deleteBefore(25); // open and edit are gone
      // end of sample
      assertThat(seen).containsExactly("10 open", "20 edit");
      assertThat(log.stream().map(Entry::value)).containsExactly("close");
    }
  }

  @Test
  void sampleOfAWriter_countsWithoutAnAllocation() {
    long today = 20;
    byte[] alice = "alice".getBytes(UTF_8);
    byte[] cart = "cart".getBytes(UTF_8);
    List<byte[]> lines =
        Stream.of("alice/cart", "alice/home", "alice/cart").map(l -> l.getBytes(UTF_8)).toList();

    // sample
    try (TimelogStore store = TimelogStore.builder().build()) {
      TableWriter visits = store.createTable(TableOptions.map("visits").build()).writer();
      Span key = new Span();
      Span page = new Span();
      Editor oneMore =
          (present, value) -> { // runs outside of the write, and may throw
            long before = present == null ? 0 : present.getLong(0);
            value.appendLong(before + 1);
            return Editor.Outcome.PUT;
          };
      for (byte[] line : lines) { // such as "alice/cart"
        visits.update(key.set(line, 0, 5), today, page.set(line, 6, line.length - 6), oneMore);
      }
      ByteTarget count = new ByteTarget();
      visits.get(key.set(alice), today, page.set(cart), count); // into an array that is kept
      // end of sample
      assertThat(new Span().set(count).getLong(0)).isEqualTo(2);
    }
  }

  @Test
  void readme_showsTheSamplesAsTheyRun() throws IOException {
    String source =
        Files.readString(
            root().resolve("connector-core/src/test/java/io/timelog/ReadmeTest.java"), UTF_8);
    List<String> samples = new ArrayList<>();
    for (String rest = source; rest.contains(START); ) {
      rest = rest.substring(rest.indexOf(START) + START.length());
      samples.add(
          rest.lines()
              .takeWhile(line -> !line.equals("      // end of sample"))
              .map(line -> line.substring("    ".length()))
              .collect(joining("\n", "```java\n", "\n}\n```\n")));
    }

    String readme = Files.readString(root().resolve("README.md"), UTF_8);

    assertThat(samples).hasSize(3).allSatisfy(sample -> assertThat(readme).contains(sample));
  }

  /** Maven runs tests in the folder of the module, some editors in that of the project. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("connector-core")) ? folder : folder.resolve("..");
  }
}
