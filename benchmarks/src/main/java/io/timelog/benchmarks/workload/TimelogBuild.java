package io.timelog.benchmarks.workload;

import io.timelog.benchmarks.report.UsageException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The class path of these benchmarks with another build of Timelog on it.
 *
 * <p>A build takes the place of the one that these benchmarks were compiled against, as a whole: a
 * class that the other build lacks is not found, rather than mixed in. So a benchmark that calls
 * what only one of both has fails, with {@linkplain #lacks a message that says what}.
 */
public final class TimelogBuild {
  private static final String CORE = "io/timelog/TimelogStore.class";
  private static final String KAFKA_STREAMS = "io/timelog/kafka/TimelogStores.class";
  private static final String FLINK = "io/timelog/flink/TimelogStateBackend.class";

  /**
   * Where the modules of a working copy have their classes. Benchmarks that were compiled there
   * come before these, so that builds can be compared whose API is the same in source only.
   */
  private static final List<String> OF_WORKING_COPY =
      List.of(
          "benchmarks/target/classes",
          "connector-core/target/classes",
          "kafka-streams-store/target/classes",
          "flink-connector/target/classes");

  private TimelogBuild() {}

  /** The class path of this JVM, entry by entry. */
  public static String ownClassPath() {
    return joined(ownEntries());
  }

  /**
   * The class path of this JVM with {@code build} in place of the modules of Timelog that it has.
   *
   * @param build a working copy that was built, or jars and directories of classes, separated as
   *     those of a class path
   * @throws UsageException if there is no {@code timelog-core} in it
   */
  public static String classPathWith(String build) {
    List<Path> entries = entriesOf(build);
    if (entries.stream().noneMatch(entry -> holds(entry, CORE))) {
      throw new UsageException(
          "There is no timelog-core in a build; give a working copy that was built, or jars and"
              + " directories of classes: build="
              + build);
    }
    List<Path> replaced = new ArrayList<>(entries);
    for (Path entry : ownEntries()) {
      boolean isReplaced =
          Stream.of(CORE, KAFKA_STREAMS, FLINK)
              .anyMatch(
                  module ->
                      holds(entry, module) && entries.stream().anyMatch(e -> holds(e, module)));
      if (!isReplaced) {
        replaced.add(entry);
      }
    }
    return joined(replaced);
  }

  /** What to say if a build lacks what a benchmark calls. */
  static IllegalStateException lacks(LinkageError cause) {
    return new IllegalStateException(
        "The build of Timelog on the class path lacks what this benchmark calls. Compare builds"
            + " that both have it, or keep the benchmark to what both have: missing="
            + cause.getMessage()
            + ", classPath="
            + System.getProperty("java.class.path"),
        cause);
  }

  private static List<Path> entriesOf(String build) {
    Path workingCopy = Path.of(build);
    List<Path> modules =
        OF_WORKING_COPY.stream().map(workingCopy::resolve).filter(Files::isDirectory).toList();
    return modules.isEmpty()
        ? Arrays.stream(build.split(File.pathSeparator, -1)).map(Path::of).toList()
        : modules;
  }

  /**
   * Where the classes of this module are a jar, its manifest names the rest of the class path, so
   * that nothing in it could be replaced; the directory from which the jar was made stands in.
   */
  private static List<Path> ownEntries() {
    Set<Path> entries = new LinkedHashSet<>();
    for (String name : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path entry = Path.of(name);
      List<Path> further = classPathInManifest(entry);
      entries.add(further.isEmpty() ? entry : directoryBehind(entry));
      entries.addAll(further);
    }
    return List.copyOf(entries);
  }

  private static Path directoryBehind(Path jar) {
    Path classes = jar.toAbsolutePath().resolveSibling("classes");
    if (!Files.isDirectory(classes)) {
      throw new IllegalStateException(
          "The benchmarks must run where they were built, beside their classes: expected="
              + classes);
    }
    return classes;
  }

  private static List<Path> classPathInManifest(Path entry) {
    if (!Files.isRegularFile(entry)) {
      return List.of();
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      Manifest manifest = jar.getManifest();
      String names =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return names == null
          ? List.of()
          : Arrays.stream(names.split(" ", -1))
              .map(name -> entry.toAbsolutePath().resolveSibling(name))
              .filter(Files::exists)
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("An entry of the class path cannot be read: " + entry, e);
    }
  }

  private static boolean holds(Path entry, String file) {
    if (Files.isDirectory(entry)) {
      return Files.exists(entry.resolve(file));
    }
    if (!Files.isRegularFile(entry)) {
      return false;
    }
    try (JarFile jar = new JarFile(entry.toFile())) {
      return jar.getEntry(file) != null;
    } catch (IOException e) {
      throw new UncheckedIOException("An entry of the class path cannot be read: " + entry, e);
    }
  }

  private static String joined(List<Path> entries) {
    return String.join(
        File.pathSeparator,
        entries.stream().map(entry -> entry.toAbsolutePath().toString()).toList());
  }
}
