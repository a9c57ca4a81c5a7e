package io.timelog.integration.kafka;

import io.timelog.integration.fixture.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.TimeWindows;

/** An application with much state, in a process of its own that tells how it came to run. */
final class RestartProcess {
  private RestartProcess() {}

  /**
   * How it came to run.
   *
   * @param millis from the start of the application until it ran
   * @param restored records of changelogs
   * @param bytesRead by the process meanwhile, from files and the network; -1 where the operating
   *     system does not tell
   */
  record Start(long millis, long restored, long bytesRead) {
    private static Start of(String line) {
      String[] numbers = line.split(" ", -1);
      return new Start(
          Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    private String line() {
      return millis + " " + restored + " " + bytesRead + System.lineSeparator();
    }
  }

  /** Runs until nobody holds the other end of its standard input any more. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.fromArguments(arguments);
    long readBefore = bytesRead();
    long started = System.nanoTime();
    try (Application application = Application.start(settings, topology(settings))) {
      Start start =
          new Start(
              Duration.ofNanos(System.nanoTime() - started).toMillis(),
              application.restored(),
              readBefore < 0 ? -1 : bytesRead() - readBefore);
      Files.writeString(
          startsFile(settings), start.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      while (System.in.read() >= 0) {
        application.failIfFailed();
      }
    }
  }

  /** The newest value of each key and hour; nothing goes out. */
  private static Topology topology(Settings settings) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.<String, String>stream(settings.input())
        .groupByKey()
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofDays(1)))
        .reduce((older, newer) -> newer);
    return builder.build();
  }

  private static long bytesRead() throws IOException {
    Path io = Path.of("/proc/self/io");
    if (!Files.isReadable(io)) {
      return -1;
    }
    for (String line : Files.readAllLines(io)) {
      if (line.startsWith("rchar:")) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
      }
    }
    return -1;
  }

  /** All starts that came to run. */
  static List<Start> starts(Settings settings) throws IOException {
    Path file = startsFile(settings);
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Start::of).toList()
        : List.of();
  }

  private static Path startsFile(Settings settings) {
    return settings.stateDirectory().resolveSibling(settings.application() + "-starts");
  }

  static JavaProcess start(Settings settings) throws Exception {
    return JavaProcess.start(
        settings.stateDirectory().resolveSibling("process"),
        RestartProcess.class.getName(),
        settings.arguments());
  }
}
