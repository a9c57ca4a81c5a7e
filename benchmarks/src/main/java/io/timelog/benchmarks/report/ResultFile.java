package io.timelog.benchmarks.report;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The answer to one question: every round, unaveraged.
 *
 * @param question name of the question
 * @param command that gave the answer
 * @param stamp where and when
 * @param rounds what each round gave
 */
public record ResultFile<R>(String question, String command, Stamp stamp, List<R> rounds) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public ResultFile {
    rounds = List.copyOf(rounds);
  }

  /** Writes the file of this question into {@code directory}, replacing an earlier one. */
  public void writeTo(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.writeString(pathOf(directory, question), JSON.writeValueAsString(this) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Results cannot be written: question=" + question, e);
    }
  }

  /** Reads the answer to {@code question} from {@code directory}. */
  public static <R> ResultFile<R> read(Path directory, String question, Class<R> roundType) {
    JavaType type = JSON.getTypeFactory().constructParametricType(ResultFile.class, roundType);
    try {
      return JSON.readValue(pathOf(directory, question).toFile(), type);
    } catch (IOException e) {
      throw new UncheckedIOException("Results cannot be read: question=" + question, e);
    }
  }

  /** Whether {@code directory} has an answer to {@code question}. */
  public static boolean exists(Path directory, String question) {
    return Files.exists(pathOf(directory, question));
  }

  /** Deletes the answer to {@code question} in {@code directory}. */
  public static void delete(Path directory, String question) {
    try {
      Files.delete(pathOf(directory, question));
    } catch (IOException e) {
      throw new UncheckedIOException("Results cannot be deleted: question=" + question, e);
    }
  }

  private static Path pathOf(Path directory, String question) {
    return directory.resolve(question + ".json");
  }
}
