package io.timelog.benchmarks.picture;

/**
 * Colours for a page that is light, and for one that is dark: those that GitHub gives its own text.
 * The colours of the {@link Group}s differ in brightness too, for readers who do not tell hues
 * apart.
 */
public enum Palette {
  LIGHT("light", "#ffffff", "#1f2328", "#59636e", "#d1d9e0", "#0969da", "#bc4c00", "#6e7781"),
  DARK("dark", "#0d1117", "#f0f6fc", "#9198a1", "#3d444d", "#58a6ff", "#e8833a", "#8b949e");

  final String page;
  final String text;
  final String aside;
  final String rule;
  private final String name;
  private final String timelog;
  private final String rocksDb;
  private final String heap;

  Palette(
      String name,
      String page,
      String text,
      String aside,
      String rule,
      String timelog,
      String rocksDb,
      String heap) {
    this.name = name;
    this.page = page;
    this.text = text;
    this.aside = aside;
    this.rule = rule;
    this.timelog = timelog;
    this.rocksDb = rocksDb;
    this.heap = heap;
  }

  /** The word for it in names of files. */
  public String id() {
    return name;
  }

  String of(Group group) {
    return switch (group) {
      case TIMELOG -> timelog;
      case ROCKSDB -> rocksDb;
      case HEAP -> heap;
    };
  }
}
