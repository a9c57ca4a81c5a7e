package io.timelog.examples.flights.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Chromium of this machine, without a window.
 *
 * @param executable the program
 */
record Browser(Path executable) {
  /** By what names distributions call it. */
  static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  /** Bounds hanging, and nothing else. */
  private static final long PATIENCE_SECONDS = 120;

  /** The first one on the path that starts. */
  static Optional<Browser> find() {
    List<String> path = Arrays.asList(System.getenv("PATH").split(File.pathSeparator, -1));
    return NAMES.stream()
        .flatMap(name -> path.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Browser::new)
        .filter(Browser::starts)
        .findFirst();
  }

  /** Some distributions have a script of that name that only says how to install the browser. */
  private boolean starts() {
    try {
      Process version =
          new ProcessBuilder(executable.toString(), "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return version.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && version.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * The document of a page after its scripts have run and what they asked for has come, as HTML.
   *
   * @param directory for what the browser keeps
   */
  String document(URI address, Path directory) throws IOException, InterruptedException {
    Path html = directory.resolve("document.html");
    Path log = directory.resolve("browser.log");
    Process browser =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                // It does not start as root otherwise, and shows only a page of this test.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--user-data-dir=" + directory.resolve("profile"),
                // Time of the page: its timers pass at once, and what it fetches is waited for.
                "--virtual-time-budget=10000",
                "--dump-dom",
                address.toString())
            .redirectOutput(html.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      if (!browser.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || browser.exitValue() != 0) {
        throw new IOException(
            "The browser did not show the page: browser="
                + executable
                + ", address="
                + address
                + ", log="
                + Files.readString(log, UTF_8));
      }
      return Files.readString(html, UTF_8);
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
    }
  }
}
