package io.timelog.integration.flink.process;

import io.timelog.Timelog;
import io.timelog.flink.TimelogStateBackendFactory;
import io.timelog.integration.flink.job.ReadingsJob;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is on the class path of the tests, divided as a Flink installation divides it. */
final class Jars {
  private Jars() {}

  /** What is in {@code lib/} of a node: Flink and its Kafka connector, nothing of ours. */
  static String flink() {
    Set<Path> ours = Set.of(placeOf(ReadingsJob.class), backend().get(0), backend().get(1));
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !ours.contains(Path.of(entry)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The same with the backend. */
  static String flinkAndBackend() {
    return backend().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
        + File.pathSeparator
        + flink();
  }

  /** Makes a jar of the job without the backend. */
  static Path job(Path directory) throws IOException {
    Path jar = directory.resolve("job.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      addJob(out);
    }
    return jar;
  }

  /** Makes a jar of the job with the backend in it. */
  static Path jobWithBackend(Path directory) throws IOException {
    Path jar = directory.resolve("job-with-backend.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      addJob(out);
      for (Path part : backend()) {
        if (Files.isDirectory(part)) {
          addClasses(out, part, part);
        } else {
          try (FileSystem zip = FileSystems.newFileSystem(part)) {
            Path root = zip.getPath("/");
            addClasses(out, root, root);
          }
        }
      }
    }
    return jar;
  }

  private static void addJob(JarOutputStream out) throws IOException {
    Path root = placeOf(ReadingsJob.class);
    addClasses(out, root, root.resolve(ReadingsJob.class.getPackageName().replace('.', '/')));
  }

  private static void addClasses(JarOutputStream out, Path root, Path folder) throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(folder)) {
      classes = files.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : classes) {
      out.putNextEntry(new JarEntry(root.relativize(file).toString().replace('\\', '/')));
      Files.copy(file, (OutputStream) out);
      out.closeEntry();
    }
  }

  /** The jars of the backend, or the folders they are made of. */
  private static List<Path> backend() {
    return List.of(placeOf(TimelogStateBackendFactory.class), placeOf(Timelog.class));
  }

  private static Path placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
