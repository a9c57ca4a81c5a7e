package io.timelog.benchmarks.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Options of a command, each written as {@code --name=value}. */
public final class Arguments {
  private final Map<String, String> values = new HashMap<>();
  private final Set<String> unread;

  /**
   * Parses options.
   *
   * @throws UsageException if one is not of the form {@code --name=value}
   */
  public Arguments(List<String> arguments) {
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--") || equals < 0) {
        throw new UsageException("Options are written --name=value: option=" + argument);
      }
      values.put(argument.substring(2, equals), argument.substring(equals + 1));
    }
    this.unread = new TreeSet<>(values.keySet());
  }

  /** The option of that name, or {@code otherwise} if it was not given. */
  public String text(String name, String otherwise) {
    @Nullable String value = values.get(name);
    unread.remove(name);
    return value == null ? otherwise : value;
  }

  /**
   * As {@link #text}, as a number, which may contain underscores.
   *
   * @throws UsageException if it is none
   */
  public long number(String name, long otherwise) {
    return numberOf(text(name, Long.toString(otherwise)));
  }

  /**
   * As {@link #text}, as numbers separated by commas.
   *
   * @throws UsageException if one is no number
   */
  public List<Long> numbers(String name, String otherwise) {
    return numbersOf(text(name, otherwise));
  }

  /**
   * Numbers separated by commas, which may contain underscores.
   *
   * @throws UsageException if one is no number
   */
  public static List<Long> numbersOf(String list) {
    return wordsOf(list).map(Arguments::numberOf).toList();
  }

  private static long numberOf(String word) {
    try {
      return Long.parseLong(word.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new UsageException("This is not a number: value=" + word, e);
    }
  }

  /** As {@link #text}, as words separated by commas. */
  public List<String> list(String name, String otherwise) {
    return wordsOf(text(name, otherwise)).toList();
  }

  private static Stream<String> wordsOf(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip);
  }

  /** All options that nobody asked for so far, each as {@code --name=value}. */
  public List<String> takeRest() {
    List<String> rest = unread.stream().map(name -> "--" + name + "=" + values.get(name)).toList();
    unread.clear();
    return rest;
  }

  /**
   * To be called when all options are read.
   *
   * @throws UsageException if one was given that nobody asked for
   */
  public void refuseUnknown() {
    if (!unread.isEmpty()) {
      throw new UsageException("No such option: option=" + String.join(", ", unread));
    }
  }
}
