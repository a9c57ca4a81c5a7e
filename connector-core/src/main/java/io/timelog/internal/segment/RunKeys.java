package io.timelog.internal.segment;

import io.timelog.internal.row.Direction;
import io.timelog.internal.row.KeyCursor;
import io.timelog.internal.row.RowCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the keys of a run, one segment after the other. A key with rows in several segments
 * comes once.
 */
final class RunKeys extends KeyCursor {
  private final SegmentRun run;
  private final Function<Segment, SegmentKeys> opener;
  private final Direction direction;

  /** The segment that is opened next. */
  private int next;

  /** Stands on the current key. */
  private @Nullable SegmentKeys current;

  /** Cursors of the segments behind that of {@link #current} that stand on the same key. */
  private SegmentKeys[] followers = new SegmentKeys[1];

  private int followerCount;

  /** Stands on the next key, which was found while looking for followers. */
  private @Nullable SegmentKeys ahead;

  private @Nullable JoinedRows joined;

  /**
   * The keys of a run.
   *
   * @param opener gives the keys of one segment in {@code direction}
   */
  RunKeys(SegmentRun run, Function<Segment, SegmentKeys> opener, Direction direction) {
    this.run = run;
    this.opener = opener;
    this.direction = direction;
    this.next = direction == Direction.FORWARD ? 0 : run.count() - 1;
  }

  @Override
  public boolean advance() {
    if (followerCount > 0) {
      current().end();
      for (int i = 0; i < followerCount - 1; i++) {
        followers[i].end();
      }
      current = followers[followerCount - 1];
      followerCount = 0;
    }
    SegmentKeys found = ahead;
    if (found != null) {
      ahead = null;
      current = found;
    } else if (!advanceCurrent()) {
      return false;
    }
    findFollowers();
    return true;
  }

  private boolean advanceCurrent() {
    SegmentKeys keys = current;
    while (keys == null || !keys.advance()) {
      if (!hasNext()) {
        return false;
      }
      keys = openNext();
    }
    current = keys;
    return true;
  }

  /** A key that ends one segment may begin the next. */
  private void findFollowers() {
    while (ahead == null && hasNext() && mayContinue()) {
      SegmentKeys keys = openNext();
      if (keys.advance()) {
        if (isCurrentKey(keys)) {
          addFollower(keys);
        } else {
          ahead = keys;
        }
      }
    }
  }

  /** Whether the current key is the one that the next segment and the one before it share. */
  private boolean mayContinue() {
    int later = direction == Direction.FORWARD ? next : next + 1;
    return later < run.count()
        && later > 0
        && run.isContinued(later)
        && run.isFirstKey(later, current());
  }

  private boolean isCurrentKey(KeyCursor keys) {
    int later = direction == Direction.FORWARD ? next - 1 : next + 2;
    return run.isFirstKey(later, keys);
  }

  private void addFollower(SegmentKeys keys) {
    if (followerCount == followers.length) {
      followers = Arrays.copyOf(followers, 2 * followerCount);
    }
    // Its key is the current one, and its rows are opened when those before are at their end.
    keys.rest();
    followers[followerCount++] = keys;
  }

  @Override
  public void rest() {
    if (current != null) {
      current.rest();
    }
    for (int i = 0; i < followerCount; i++) {
      followers[i].rest();
    }
    if (ahead != null) {
      ahead.rest();
    }
  }

  private boolean hasNext() {
    return 0 <= next && next < run.count();
  }

  private SegmentKeys openNext() {
    SegmentKeys keys = opener.apply(run.segment(next));
    next += direction.step();
    return keys;
  }

  private SegmentKeys current() {
    return Objects.requireNonNull(current, "the cursor is on no key: call advance first");
  }

  @Override
  public int group() {
    return current().group();
  }

  @Override
  public int hash() {
    return current().hash();
  }

  @Override
  public ByteBuffer keyBuffer() {
    return current().keyBuffer();
  }

  @Override
  public int keyOffset() {
    return current().keyOffset();
  }

  @Override
  public int keyLength() {
    return current().keyLength();
  }

  @Override
  public RowCursor rows(long first, long last, Direction order) {
    if (followerCount == 0) {
      return current().rows(first, last, order);
    }
    JoinedRows rows = joined;
    if (rows == null) {
      rows = new JoinedRows();
      joined = rows;
    }
    rows.clear();
    for (int i = 0; i <= followerCount; i++) {
      int part = order == direction ? i : followerCount - i;
      SegmentKeys keys = part == 0 ? current() : followers[part - 1];
      rows.add(() -> keys.rows(first, last, order));
    }
    return rows;
  }
}
