package io.timelog.integration.kafka;

import io.timelog.integration.fixture.JavaProcess;

/** The application with all operators, in a process of its own. */
final class ApplicationProcess {
  private ApplicationProcess() {}

  /** Runs until nobody holds the other end of its standard input any more. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.fromArguments(arguments);
    try (Application application = Application.start(settings, Operator.topology(settings))) {
      while (System.in.read() >= 0) {
        application.failIfFailed();
      }
    }
  }

  static JavaProcess start(Settings settings) throws Exception {
    return JavaProcess.start(
        settings.stateDirectory().resolveSibling("process"),
        ApplicationProcess.class.getName(),
        settings.arguments());
  }
}
