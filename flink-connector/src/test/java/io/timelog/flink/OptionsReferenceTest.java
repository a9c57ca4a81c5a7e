package io.timelog.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.Description;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.junit.jupiter.api.Test;

/** {@code docs/flink-options.md} is made of the options, and says what they say. */
final class OptionsReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "flink-options.md");
  private static final Path GENERATED = Path.of("target", "flink-options.md");

  private static final String HEAD =
      """
      # Options of the Flink state backend

      Generated from `TimelogOptions` by `OptionsReferenceTest`, which fails when the two differ and leaves the new text in
      `flink-connector/target/flink-options.md`. They may be set for a cluster or for a job.

      | Option | Type | Default | |
      | --- | --- | --- | --- |
      """;

  private record Option(ConfigOption<?> option, Class<?> type) {
    static Option of(Field field) {
      try {
        return new Option(
            (ConfigOption<?>) field.get(null),
            (Class<?>) ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0]);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }

    String row() {
      return "| `%s` | %s | %s | %s |\n"
          .formatted(option.key(), typeName(), defaultValue(), description());
    }

    private String typeName() {
      return type.isEnum()
          ? constants().map(Option::value).collect(Collectors.joining(", "))
          : type.getSimpleName();
    }

    private Stream<?> constants() {
      return Arrays.stream(type.getEnumConstants());
    }

    private String defaultValue() {
      return option.hasDefaultValue() ? value(option.defaultValue()) : "none";
    }

    private static String value(Object value) {
      return "`"
          + (value instanceof Enum<?> ? value.toString().toLowerCase(Locale.ROOT) : value)
          + "`";
    }

    private String description() {
      String text = new HtmlFormatter().format(option.description());
      return type.isEnum()
          ? text
              + constants()
                  .map(constant -> " " + value(constant) + ": " + described(constant))
                  .collect(Collectors.joining())
          : text;
    }

    private static String described(Object constant) {
      return new HtmlFormatter()
          .format(
              Description.builder()
                  .text("%s", ((DescribedEnum) constant).getDescription())
                  .build());
    }
  }

  @Test
  void reference_saysWhatTheOptionsSay() throws IOException {
    List<Option> options =
        Arrays.stream(TimelogOptions.class.getFields())
            .filter(field -> field.getType() == ConfigOption.class)
            .map(Option::of)
            .sorted(Comparator.comparing(option -> option.option().key()))
            .toList();
    String expected = HEAD + options.stream().map(Option::row).collect(Collectors.joining());

    Files.createDirectories(GENERATED.getParent());
    Files.writeString(GENERATED, expected);

    assertThat(options).hasSizeGreaterThan(1);
    assertThat(REFERENCE).as("copy %s there", GENERATED.toAbsolutePath()).hasContent(expected);
  }
}
