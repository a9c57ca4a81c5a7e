package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** The kinds of state that are weighed, by the names that commands and tables use. */
public enum StateShape implements Named {
  /** A long for each key. */
  VALUE("value", "Value state", Axis.KEYS),
  /** A sum for each key. */
  REDUCING("reducing", "Reducing state", Axis.KEYS),
  /** A list of longs for each key. */
  LIST("list", "List state", Axis.ENTRIES),
  /** A map from texts to longs for each key. */
  MAP("map", "Map state, keys are texts", Axis.ENTRIES),
  /** A map from times to longs for each key. */
  LONG_MAP("long-map", "Map state, keys are times", Axis.ENTRIES),
  /** A map from times to lists for each key, as joins and OVER windows have it. */
  LONG_LISTS("long-lists", "Map state from times to lists", Axis.ENTRIES),
  /** Lists of tumbling windows. */
  WINDOW_LIST("window-list", "List state of windows", Axis.KEYS_OF_WINDOWS),
  /** Sums of tumbling windows. */
  WINDOW_SUM("window-sum", "Reducing state of windows", Axis.KEYS_OF_WINDOWS);

  /** What the sizes of a shape count. */
  public enum Axis {
    /** Keys, with one value each. */
    KEYS("keys", "100_000,1_000_000"),
    /** Entries of a key. */
    ENTRIES("entries of a key", "10,100,1_000,10_000,100_000"),
    /** Keys that share a number of events. */
    KEYS_OF_WINDOWS("keys", "1_000,100_000");

    private final String title;
    private final String usual;

    Axis(String title, String usual) {
      this.title = title;
      this.usual = usual;
    }

    /** In tables. */
    public String title() {
      return title;
    }

    /** The sizes that are weighed unless others are asked for, separated by commas. */
    public String usual() {
      return usual;
    }
  }

  private static final Choices<StateShape> CHOICES =
      new Choices<>("shape of state", "shape", values());

  /** The ids of all shapes, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;
  private final Axis axis;

  StateShape(String id, String title, Axis axis) {
    this.id = id;
    this.title = title;
    this.axis = axis;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables, in Markdown. */
  public String title() {
    return title;
  }

  /** What its sizes count. */
  public Axis axis() {
    return axis;
  }

  /**
   * The work at one size.
   *
   * @param entries of all keys together, where the size is that of a key; events of all windows
   */
  StateWork work(int size, int entries) {
    return switch (this) {
      case VALUE -> new ValueWork(size);
      case REDUCING -> new ReducingWork(size);
      case LIST -> new ListWork(Math.min(size, entries), entries);
      case MAP -> new MapWork(Math.min(size, entries), entries);
      case LONG_MAP -> new LongMapWork(Math.min(size, entries), entries);
      case LONG_LISTS -> new LongListsWork(Math.min(size, entries), entries);
      case WINDOW_LIST -> WindowWork.ofLists(size, entries);
      case WINDOW_SUM -> WindowWork.ofSums(size, entries);
    };
  }

  /**
   * The shape of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static StateShape of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<StateShape> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
