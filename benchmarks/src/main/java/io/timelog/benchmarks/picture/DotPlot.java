package io.timelog.benchmarks.picture;

import io.timelog.benchmarks.report.Figures;
import java.util.List;
import java.util.Locale;

/**
 * Panels side by side, one row for each subject, as SVG that is as wide as a README.
 *
 * <p>Dots and not bars, because the figures of one panel lie up to four powers of ten apart: on a
 * linear axis all but the largest would be one invisible stroke, and the length of a bar on a
 * logarithmic axis means nothing. A line down from the first dot lets the distance to it be seen.
 */
public final class DotPlot {
  private static final int WIDTH = 880;
  private static final int MARGIN = 4;
  private static final int NAMES = 222;
  private static final int GAP = 22;
  private static final int TOP = 128;
  private static final int ROW = 29;
  private static final int ROOM_FOR_A_LABEL = 64;
  private static final int NARROWEST_TICK = 50;
  private static final String SMALL = "font-size=\"12\"";
  private static final String STRONG = " font-weight=\"600\"";

  private final String title;
  private final String aside;
  private final String source;
  private final List<Panel> panels;

  /**
   * @param title the first line
   * @param aside the line below it, which says what is drawn
   * @param source the last line, which says where the figures come from
   * @param panels at least one, all with the same subjects in the same order
   */
  public DotPlot(String title, String aside, String source, List<Panel> panels) {
    this.title = title;
    this.aside = aside;
    this.source = source;
    this.panels = List.copyOf(panels);
  }

  /** The picture, in those colours. */
  public String svg(Palette palette) {
    return new Drawing(palette).draw();
  }

  /** One picture while it is drawn. */
  private final class Drawing {
    private final StringBuilder svg = new StringBuilder();
    private final Palette palette;
    private final int rows = panels.get(0).dots().size();
    private final int bottom = TOP + rows * ROW;

    Drawing(Palette palette) {
      this.palette = palette;
    }

    String draw() {
      int height = bottom + 62;
      element(
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
              + " height=\"%d\" role=\"img\" font-size=\"13\" font-family=\"-apple-system,"
              + " BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif\">",
          WIDTH, height, WIDTH, height);
      element("<title>%s</title>", escaped(title));
      element("<rect width=\"%d\" height=\"%d\" fill=\"%s\"/>", WIDTH, height, palette.page);
      text(MARGIN, 20, palette.text, "font-size=\"17\"" + STRONG, title);
      text(MARGIN, 42, palette.aside, "", aside);
      names();
      int width = (WIDTH - MARGIN - NAMES - GAP * (panels.size() - 1)) / panels.size();
      for (int i = 0; i < panels.size(); i++) {
        panel(panels.get(i), NAMES + i * (width + GAP), width);
      }
      text(MARGIN, height - 8, palette.aside, SMALL, source);
      return svg.append("</svg>\n").toString();
    }

    private void names() {
      List<Dot> dots = panels.get(0).dots();
      for (int row = 0; row < rows; row++) {
        String weight = row == 0 ? STRONG : "";
        String colour = row == 0 ? palette.of(dots.get(row).group()) : palette.text;
        text(MARGIN, middle(row) + 4.5, colour, weight, dots.get(row).subject());
      }
    }

    private void panel(Panel panel, int left, int width) {
      text(left, TOP - 46, palette.text, "font-size=\"15\"" + STRONG, panel.title());
      text(left + width, TOP - 46, palette.aside, SMALL + anchored("end"), panel.aside());
      findings(panel, left, left + width);
      int first = panel.firstDecade();
      int last = panel.lastDecade();
      double decade = (double) width / (last - first);
      int step = decade < NARROWEST_TICK ? 2 : 1;
      for (int power = first; power <= last; power++) {
        double x = left + (power - first) * decade;
        line(x, TOP - 10, x, bottom + 4, palette.rule, "");
        if ((power - first) % step == 0) {
          String anchor = power == first ? "start" : power == last ? "end" : "middle";
          text(x, bottom + 20, palette.aside, SMALL + anchored(anchor), tick(power));
        }
      }
      List<Dot> dots = panel.dots();
      for (int row = 0; row < rows; row++) {
        Dot dot = dots.get(row);
        double x = left + (Math.log10(dot.nanos()) - first) * decade;
        if (row == 0) {
          line(x, middle(0), x, bottom, palette.of(dot.group()), " stroke-dasharray=\"2 3\"");
        }
        dot(dot, row, x, x + ROOM_FOR_A_LABEL < left + width);
      }
    }

    /**
     * How far the others are from the first, each group in its colour, which is the legend, too.
     */
    private void findings(Panel panel, int left, int right) {
      String style = SMALL + STRONG;
      text(
          left,
          TOP - 26,
          palette.of(Group.ROCKSDB),
          style,
          "RocksDB from " + panel.ratio(Group.ROCKSDB));
      text(
          right,
          TOP - 26,
          palette.of(Group.HEAP),
          style + anchored("end"),
          "heap from " + panel.ratio(Group.HEAP));
    }

    private void dot(Dot dot, int row, double x, boolean labelAfter) {
      element(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>",
          x, middle(row), row == 0 ? 6.5 : 5.0, palette.of(dot.group()));
      // A rim in the colour of the page keeps figures legible where they stand on lines.
      String rim =
          " stroke=\"%s\" stroke-width=\"4\" paint-order=\"stroke\"".formatted(palette.page);
      text(
          x + (labelAfter ? 11 : -11),
          middle(row) + 4.5,
          row == 0 ? palette.of(dot.group()) : palette.text,
          SMALL + anchored(labelAfter ? "start" : "end") + rim + (row == 0 ? STRONG : ""),
          Figures.nanos(dot.nanos()));
    }

    private double middle(int row) {
      return TOP + (row + 0.5) * ROW;
    }

    private void line(double x1, double y1, double x2, double y2, String colour, String style) {
      element("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\"%s/>", x1, y1, x2, y2, colour, style);
    }

    private void text(double x, double y, String colour, String style, String content) {
      element(
          "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\"%s>%s</text>",
          x, y, colour, style.isBlank() ? "" : " " + style.strip(), escaped(content));
    }

    private void element(String format, Object... values) {
      svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
  }

  private static String anchored(String end) {
    return " text-anchor=\"" + end + "\"";
  }

  private static String tick(int power) {
    String[] units = {"ns", "µs", "ms", "s"};
    int unit = Math.min(power / 3, units.length - 1);
    return Math.round(Math.pow(10, power - 3 * unit)) + " " + units[unit];
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
