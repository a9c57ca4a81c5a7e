package io.timelog.internal.engine;

import io.timelog.internal.manifest.TableShape.GridKind;
import io.timelog.internal.manifest.TableShape.GridShape;
import io.timelog.internal.view.TableView;

/**
 * Cuts time into partition windows.
 *
 * <p>Windows of a table never overlap and are all blocks of one dyadic hierarchy: {@code [origin +
 * i * width * 2^level, origin + (i + 1) * width * 2^level)}. Blocks of a hierarchy are nested or
 * disjoint, so the level can change as the table learns: a new window is the block of the wanted
 * level around the timestamp, or, where that would overlap windows that exist, the largest smaller
 * block that does not.
 *
 * <p>Not thread-safe; belongs to the writer.
 */
public final class WindowGrid {
  /** The most windows of a declared width; beyond, further windows are made wider. */
  public static final int MAX_DECLARED_WINDOWS = 1024;

  private static final int MAX_LEVEL = 62;
  private static final int INITIAL_LEVEL = 16;
  private static final int MIN_LEVEL = 4;

  /** With fewer windows the span is a guess, so that the level only goes up step by step. */
  private static final int TRUSTED_WINDOWS = 8;

  private static final int MAX_STEP = 2;

  private final GridKind kind;
  private final long width;
  private final long origin;

  /** Does not belong to the shape: windows of other widths are blocks of the same hierarchy. */
  private final AutomaticWidth automatic;

  private long floor = Long.MIN_VALUE;

  private WindowGrid(GridKind kind, long width, long origin, AutomaticWidth automatic) {
    this.kind = kind;
    this.automatic = automatic;
    this.width = width;
    this.origin = Math.floorMod(origin, width);
  }

  /** A grid of this shape. */
  public static WindowGrid of(GridShape shape) {
    return new WindowGrid(shape.kind(), shape.width(), shape.origin(), AutomaticWidth.USUAL);
  }

  /** The shape: equal for grids that cut time in the same way. */
  public GridShape shape() {
    return new GridShape(kind, width, origin);
  }

  /** Windows of {@code width} ticks, one of which starts at {@code origin}. */
  public static WindowGrid declared(long width, long origin) {
    return new WindowGrid(GridKind.DECLARED, width, origin, AutomaticWidth.USUAL);
  }

  /** Windows whose width follows the span of time that the table holds. */
  public static WindowGrid adaptive(AutomaticWidth automatic) {
    return new WindowGrid(GridKind.ADAPTIVE, 1, 0, automatic);
  }

  /** One window for all of time. */
  public static WindowGrid unbounded() {
    return new WindowGrid(GridKind.UNBOUNDED, 1, 0, AutomaticWidth.USUAL);
  }

  /**
   * How wide windows are that follow the span of time that is alive.
   *
   * @param windowsPerSpan a window is between this part of the span and twice that
   * @param leastTicks that a window spans, if nothing is in the way
   */
  public record AutomaticWidth(int windowsPerSpan, long leastTicks) {
    /**
     * Few windows make a scan of a key cheap, many make eviction fine-grained; with twelve a scan
     * visits some eight windows and on average a twelfth of the memory is dead.
     */
    public static final AutomaticWidth USUAL = new AutomaticWidth(12, 1);
  }

  /**
   * A block of time.
   *
   * @param first the first timestamp
   * @param last the last timestamp, included
   */
  public record Block(long first, long last) {}

  /** Tells the grid how far the floor has moved. */
  void floorMoved(long cutoff) {
    floor = Math.max(floor, cutoff);
  }

  /** The window to make for a timestamp that no window of the view covers. */
  Block blockFor(long timestamp, TableView view) {
    if (kind == GridKind.UNBOUNDED) {
      return new Block(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    int next = view.firstWindowNotBefore(timestamp);
    long from = next == 0 ? Long.MIN_VALUE : view.window(next - 1).last();
    boolean fromExists = next > 0;
    long to = next == view.windowCount() ? Long.MAX_VALUE : view.window(next).first();
    boolean toExists = next < view.windowCount();
    for (int level = wantedLevel(timestamp, view); level > 0; level--) {
      Block block = block(timestamp, level);
      if ((!fromExists || block.first > from) && (!toExists || block.last < to)) {
        return block;
      }
    }
    return block(timestamp, 0);
  }

  private int wantedLevel(long timestamp, TableView view) {
    if (kind == GridKind.DECLARED) {
      return view.windowCount() < MAX_DECLARED_WINDOWS
          ? 0
          : levelFor(Neighbourhood.of(timestamp, view).span() / (MAX_DECLARED_WINDOWS / 2));
    }
    Neighbourhood near = Neighbourhood.of(timestamp, view);
    int level = levelFor(near.spanFrom(floor) / automatic.windowsPerSpan());
    if (near.windows() < TRUSTED_WINDOWS) {
      level = Math.min(level, levelFor(near.widest()) + MAX_STEP);
    }
    int least = floor == Long.MIN_VALUE ? INITIAL_LEVEL : MIN_LEVEL;
    return Math.max(Math.max(least, levelFor(automatic.leastTicks())), level);
  }

  /** The smallest level whose blocks span at least so many ticks. */
  private int levelFor(long ticks) {
    int level = 0;
    while (level < MAX_LEVEL && widthOf(level) < ticks) {
      level++;
    }
    return level;
  }

  private long widthOf(int level) {
    return width > Long.MAX_VALUE >> level ? Long.MAX_VALUE : width << level;
  }

  /** The block of a level around a timestamp, cut off at the ends of the range of {@code long}. */
  private Block block(long timestamp, int level) {
    long wide = widthOf(level);
    if (wide == Long.MAX_VALUE) {
      // Wider than half of time: one block on either side of the origin.
      return timestamp < origin
          ? new Block(Long.MIN_VALUE, origin - 1)
          : new Block(origin, Long.MAX_VALUE);
    }
    long offset = Math.floorMod(Math.floorMod(timestamp, wide) - origin, wide);
    long first = timestamp - offset;
    long last = timestamp + (wide - 1 - offset);
    return new Block(
        first > timestamp ? Long.MIN_VALUE : first, last < timestamp ? Long.MAX_VALUE : last);
  }
}
