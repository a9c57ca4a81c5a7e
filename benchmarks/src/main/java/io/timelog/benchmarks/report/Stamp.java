package io.timelog.benchmarks.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and when figures were taken.
 *
 * @param processor model and number of logical processors
 * @param memory of the machine
 * @param system operating system
 * @param jdk name and version of the JVM
 * @param commit of the sources, followed by {@code -dirty} if they were changed since
 * @param date day in UTC
 */
public record Stamp(
    String processor, String memory, String system, String jdk, String commit, String date) {
  private static final Pattern MODEL = Pattern.compile("model name\\s*:\\s*(.+)");
  private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s*(\\d+) kB");

  /** Here and now; to be called in the working copy. */
  public static Stamp now() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Stamp(
        processors + " x " + find(Path.of("/proc/cpuinfo"), MODEL).orElse("unknown processor"),
        find(Path.of("/proc/meminfo"), TOTAL)
            .map(kib -> Math.round(Long.parseLong(kib) / 1048576.0) + " GiB")
            .orElse("unknown memory"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        headCommit(),
        LocalDate.now(ZoneOffset.UTC).toString());
  }

  /** The commit of the working copy {@code directory}, or its name if it is none. */
  public static String commitOf(Path directory) {
    return git("-C", directory.toString(), "rev-parse", "--short=10", "HEAD")
        .map(commit -> "commit " + commit)
        .orElse(directory.toString());
  }

  /** In one line. */
  @Override
  public String toString() {
    return String.join(", ", processor, memory, system, jdk, "commit " + commit, date);
  }

  private static Optional<String> find(Path file, Pattern pattern) {
    try {
      Matcher matcher = pattern.matcher(Files.readString(file));
      return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String headCommit() {
    String commit = git("rev-parse", "--short=10", "HEAD").orElse("unknown");
    boolean changed =
        git("status", "--porcelain", "--", "*.java", "*pom.xml")
            .filter(s -> !s.isEmpty())
            .isPresent();
    return changed ? commit + "-dirty" : commit;
  }

  private static Optional<String> git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
