package io.timelog.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.Maintenance;
import io.timelog.TimelogStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that is killed while it commits has lost no commit that has returned, and has nothing
 * of another one than the last: time and again, in the same directory. {@code -Dcrash.kills} says
 * how often.
 */
@Execution(ExecutionMode.CONCURRENT)
final class KilledProcessTest {
  private static final int KILLS = Integer.getInteger("crash.kills", 51);
  private static final int MODES = 3;
  private static final int MOST_COMMITS_OF_LIFE = 60;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"SYNCED, DISABLED", "BUFFERED, BACKGROUND", "NONE, DISABLED"})
  void killedProcess_keepsWhatWasCommitted(CommitLog log, Maintenance maintenance)
      throws IOException {
    SplittableRandom random = new SplittableRandom(KILLS);
    try (TimelogStore expected = TimelogStore.builder().build()) {
      long commit = 0;
      for (int kill = 0; kill < KILLS / MODES; kill++) {
        int returned = 1 + random.nextInt(MOST_COMMITS_OF_LIFE);
        long lastReturned = runAndKill(log, maintenance, returned);

        try (TimelogStore found = TimelogStore.open(directory, CommittingProcess.settings(log))) {
          long last = CommittingProcess.lastCommit(found);
          assertThat(last).isBetween(lastReturned, lastReturned + 1);
          while (commit < last) {
            commit++;
            CommittingProcess.write(expected, commit);
          }
          assertThat(Contents.of(found, "found")).isEqualTo(Contents.of(expected, "found"));
        }
      }
      assertThat(commit).isGreaterThan(KILLS / MODES);
    }
  }

  /** Kills a process when so many commits have returned, and tells which was the last of them. */
  private long runAndKill(CommitLog log, Maintenance maintenance, int returned) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CommittingProcess.class.getName(),
                directory.toString(),
                log.name(),
                maintenance.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      long last = 0;
      for (int i = 0; i < returned; i++) {
        String line = output.readLine();
        assertThat(line).as("the process has ended by itself").isNotNull();
        last = Long.parseLong(line);
      }
      // Through the handle, which leaves the output open: what it said before it died is there.
      process.toHandle().destroyForcibly();
      @Nullable String line;
      while ((line = output.readLine()) != null) {
        last = Long.parseLong(line);
      }
      return last;
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }
}
