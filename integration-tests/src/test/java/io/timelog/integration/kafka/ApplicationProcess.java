package io.timelog.integration.kafka;

import io.timelog.integration.fixture.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The application with all operators, in a process of its own. */
final class ApplicationProcess {
  private ApplicationProcess() {}

  /** Runs until nobody holds the other end of its standard input any more. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.fromArguments(arguments);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      Files.writeString(
          restoredFile(settings),
          application.restored() + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      while (System.in.read() >= 0) {
        application.failIfFailed();
      }
    }
  }

  /** From how many records it was restored, each time that it came to run. */
  static List<Long> restored(Settings settings) throws IOException {
    Path file = restoredFile(settings);
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
        : List.of();
  }

  private static Path restoredFile(Settings settings) {
    return settings.stateDirectory().resolveSibling(settings.application() + "-restored");
  }

  static JavaProcess start(Settings settings) throws Exception {
    return JavaProcess.start(
        settings.stateDirectory().resolveSibling("process"),
        ApplicationProcess.class.getName(),
        settings.arguments());
  }
}
