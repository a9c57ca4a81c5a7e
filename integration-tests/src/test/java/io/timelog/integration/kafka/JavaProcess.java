package io.timelog.integration.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of the test class path in a process of its own, which can be killed. */
final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the program.
   *
   * @param directory for what it writes: its log and its temporary files
   * @param main the class of its main method
   */
  static JavaProcess start(Path directory, String main, List<String> arguments) throws IOException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-ea", "-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + directory);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new JavaProcess(process, log);
  }

  /** Sends it SIGKILL, which no program can catch, and returns when it is dead. */
  void kill() throws InterruptedException {
    failIfDead();
    process.destroyForcibly().waitFor();
  }

  /** Returns when it has ended by itself, without an error. */
  void awaitSuccess() throws InterruptedException {
    if (process.waitFor() != 0) {
      throw new AssertionError("The program failed: " + log());
    }
  }

  void failIfDead() {
    if (!process.isAlive()) {
      throw new AssertionError("The program died by itself: " + log());
    }
  }

  String log() {
    try {
      return "exit="
          + (process.isAlive() ? "none" : process.exitValue())
          + ", log="
          + Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
