package io.timelog.benchmarks.workload;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.timelog.benchmarks.engine.EngineKind;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Starts a JVM of its own for one engine, because the two builds of RocksDB cannot share one, and
 * so that no engine inherits the heap or the compiled code of another. All get the same flags: a
 * heap of one size that is touched at the start, the G1 collector, as much direct memory as heap.
 *
 * @param heap size of the heap as {@code -Xmx} takes it
 * @param environment variables beside those of this process
 */
public record ChildJvm(String heap, Map<String, String> environment) {
  /** Flink's build of RocksDB lies here, next to the classes or the jar of this module. */
  private static final String FLINK_ROCKSDB = "flink-rocksdb";

  /** With the environment of this process. */
  public ChildJvm(String heap) {
    this(heap, Map.of());
  }

  /**
   * As this, for programs that {@linkplain NativeMemory#touch touch} memory outside of the heap.
   * Not for RocksDB: it has what it will use again from its rehearsal, and is weighed by what the
   * process holds.
   */
  public ChildJvm keepingNativeMemory() {
    return new ChildJvm(heap, NativeMemory.KEPT);
  }

  /**
   * Runs the main method of {@code program} with the path of a file for the result, the id of the
   * engine and {@code input} as JSON, and reads the result back.
   *
   * @throws IllegalStateException if the child fails
   */
  public <T> T run(Class<?> program, EngineKind kind, Object input, Class<T> resultType) {
    return kind.needsFlinkRocksDb()
        ? runOnFlinkRocksDb(program, kind.id(), input, resultType)
        : run(program, kind.id(), input, resultType);
  }

  /**
   * As {@link #run(Class, EngineKind, Object, Class)}, of anything that has a name and needs
   * Flink's build of RocksDB first on its class path.
   */
  public <T> T runOnFlinkRocksDb(
      Class<?> program, String subject, Object input, Class<T> resultType) {
    try {
      String classPath =
          flinkRocksDb() + File.pathSeparator + System.getProperty("java.class.path");
      return run(program, classPath, subject, input, resultType);
    } catch (IOException e) {
      throw new IllegalStateException("A child JVM gave no result: engine=" + subject, e);
    }
  }

  /** As {@link #run(Class, EngineKind, Object, Class)}, of anything else that has a name. */
  public <T> T run(Class<?> program, String subject, Object input, Class<T> resultType) {
    String classPath = System.getProperty("java.class.path");
    try {
      return run(program, classPath, subject, input, resultType);
    } catch (IOException e) {
      throw new IllegalStateException("A child JVM gave no result: engine=" + subject, e);
    }
  }

  /**
   * Runs a main method with another class path; what it writes to its standard output is left out.
   *
   * @throws IllegalStateException if the child fails
   */
  public static void runMain(Class<?> program, String classPath, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-cp", classPath, program.getName()));
    command.addAll(arguments);
    try {
      ProcessBuilder child =
          new ProcessBuilder(command).inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD);
      await(child.start(), program.getSimpleName());
    } catch (IOException e) {
      throw new IllegalStateException("A child JVM did not start: program=" + program, e);
    }
  }

  private <T> T run(
      Class<?> program, String classPath, String subject, Object input, Class<T> resultType)
      throws IOException {
    JsonMapper json = new JsonMapper();
    Path result = Files.createTempFile("timelog-benchmark", ".json");
    try {
      List<String> command = command(program, classPath);
      command.addAll(List.of(result.toString(), subject, json.writeValueAsString(input)));
      ProcessBuilder child = new ProcessBuilder(command).inheritIO();
      child.environment().putAll(environment);
      await(child.start(), subject);
      return json.readValue(result.toFile(), resultType);
    } finally {
      Files.deleteIfExists(result);
    }
  }

  /**
   * What the main method of such a program does with its arguments: read the input, run, write the
   * result.
   */
  public static <I, R> void answer(
      String[] args, Class<I> inputType, BiFunction<EngineKind, I, R> measurement) {
    answerFor(args, inputType, (id, input) -> measurement.apply(EngineKind.of(id), input));
  }

  /** As {@link #answer}, of anything else that has a name. */
  public static <I, R> void answerFor(
      String[] args, Class<I> inputType, BiFunction<String, I, R> measurement) {
    JsonMapper json = new JsonMapper();
    try {
      I input = json.readValue(args[2], inputType);
      R result = measurement.apply(args[1], input);
      json.writeValue(new File(args[0]), result);
    } catch (IOException e) {
      throw new UncheckedIOException("A child JVM could not answer its parent", e);
    } catch (LinkageError e) {
      throw TimelogBuild.lacks(e);
    }
  }

  private List<String> command(Class<?> program, String classPath) {
    return new ArrayList<>(
        List.of(
            java(),
            "-Xms" + heap,
            "-Xmx" + heap,
            "-XX:+UseG1GC",
            "-XX:+AlwaysPreTouch",
            "-XX:MaxDirectMemorySize=" + heap,
            "-cp",
            classPath,
            program.getName()));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path flinkRocksDb() throws IOException {
    try {
      Path code =
          Path.of(ChildJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> jars = Files.list(code.resolveSibling(FLINK_ROCKSDB))) {
        return jars.findFirst().orElseThrow();
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The benchmarks do not lie in files", e);
    }
  }

  private static void await(Process child, String subject) {
    Thread stop = new Thread(child::destroyForcibly, "stop the child JVM");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      int status = child.waitFor();
      Runtime.getRuntime().removeShutdownHook(stop);
      if (status != 0) {
        throw new IllegalStateException(
            "A child JVM failed, its output says why: engine=" + subject + ", status=" + status);
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a child JVM ran", e);
    }
  }
}
