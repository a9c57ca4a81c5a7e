package io.timelog.benchmarks.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Constants of an enum, to be chosen by their names.
 *
 * @param <T> the enum
 */
public final class Choices<T extends Named> {
  private final String what;
  private final String option;
  private final List<T> values;

  /**
   * All of these.
   *
   * @param what one of them is, for messages
   * @param option what a name of one is called in messages
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public Choices(String what, String option, T... values) {
    this.what = what;
    this.option = option;
    this.values = List.of(values);
  }

  /** The ids of all, separated by commas. */
  public String ids() {
    return values.stream().map(Named::id).collect(Collectors.joining(","));
  }

  /**
   * The one of that id.
   *
   * @throws UsageException if there is none; the message lists them
   */
  public T of(String id) {
    return values.stream()
        .filter(value -> value.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "No such " + what + ": " + option + "=" + id + ". Known are " + ids()));
  }

  /** As {@link #of}, for several. */
  public List<T> listOf(List<String> ids) {
    return ids.stream().map(this::of).toList();
  }
}
