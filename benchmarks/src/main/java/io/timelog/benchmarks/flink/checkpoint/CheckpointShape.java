package io.timelog.benchmarks.flink.checkpoint;

import io.timelog.benchmarks.flink.Subtask;
import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.List;

/** The kinds of state of which checkpoints are taken, by the names in commands and tables. */
public enum CheckpointShape implements Named {
  /** Values of a hundred bytes or so, of which any may change. */
  VALUES("values", "Values, a tenth of which change between two checkpoints", 96) {
    @Override
    Contents contents(Subtask subtask, int entries) throws Exception {
      return new ValueContents(subtask, entries, valueBytes());
    }
  },
  /** Lists of windows, of which one goes and one comes. */
  WINDOWS("windows", "Lists of ten windows, one of which ends between two checkpoints", 96) {
    @Override
    Contents contents(Subtask subtask, int entries) throws Exception {
      return new WindowContents(subtask, entries, valueBytes());
    }
  },
  /** Values of eight bytes. */
  NUMBERS("numbers", "Small values, a tenth of which change between two checkpoints", 8) {
    @Override
    Contents contents(Subtask subtask, int entries) throws Exception {
      return new ValueContents(subtask, entries, valueBytes());
    }
  };

  private static final Choices<CheckpointShape> CHOICES =
      new Choices<>("kind of state", "shape", values());

  /** The ids of all kinds, separated by commas. */
  public static final String ALL = CHOICES.ids();

  private final String id;
  private final String title;
  private final int valueBytes;

  CheckpointShape(String id, String title, int valueBytes) {
    this.id = id;
    this.title = title;
    this.valueBytes = valueBytes;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** Bytes of a value. */
  int valueBytes() {
    return valueBytes;
  }

  /** How many entries have so many bytes of keys and values. */
  public int entriesOf(long bytes) {
    return Math.toIntExact(bytes / (Long.BYTES + valueBytes));
  }

  /** The state of a subtask, which may be that of a checkpoint. */
  abstract Contents contents(Subtask subtask, int entries) throws Exception;

  /**
   * The kind of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static CheckpointShape of(String id) {
    return CHOICES.of(id);
  }

  /** As {@link #of}, for several. */
  public static List<CheckpointShape> listOf(List<String> ids) {
    return CHOICES.listOf(ids);
  }
}
