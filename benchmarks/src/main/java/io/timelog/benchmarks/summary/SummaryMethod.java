package io.timelog.benchmarks.summary;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** How a range is aggregated, by the names that commands and tables use. */
public enum SummaryMethod implements Named {
  /** {@link SummarizedStore}. */
  SUMMARIES("summaries", "Timelog, summaries"),
  /** {@link ScannedStore}. */
  SCAN("scan", "Timelog, scan"),
  /** {@link MapStore}. */
  MAP("map", "`HashMap`, as in Flink's heap `MapState`");

  private static final Choices<SummaryMethod> CHOICES = new Choices<>("method", "method", values());

  /** The ids of all methods, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;

  SummaryMethod(String id, String title) {
    this.id = id;
    this.title = title;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables, in Markdown. */
  public String title() {
    return title;
  }

  RangeStore open() {
    return switch (this) {
      case SUMMARIES -> new SummarizedStore();
      case SCAN -> new ScannedStore();
      case MAP -> new MapStore();
    };
  }

  /**
   * The method of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static SummaryMethod of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<SummaryMethod> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
