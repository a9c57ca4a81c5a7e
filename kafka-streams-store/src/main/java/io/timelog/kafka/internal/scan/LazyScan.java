package io.timelog.kafka.internal.scan;

import io.timelog.Cursor;
import io.timelog.kafka.internal.host.Contents;
import io.timelog.kafka.internal.host.HostedTable;
import io.timelog.kafka.internal.host.Readings;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * A scan that starts when it is first looked at: entries put between the call that asked for it and
 * the first {@code hasNext()} belong to it, and one that expires in between does not. After that it
 * reads a snapshot.
 *
 * <p>Belongs to one thread. When the store is closed, by whichever thread, it ends. It lets go of
 * its snapshot when it ends or is closed.
 */
public final class LazyScan {
  private final HostedTable hosted;
  private final Beginning beginning;
  private @Nullable Entries entries;
  private boolean atEntry;
  private boolean ended;

  /** A scan of a store, of which some reader sees something. */
  private interface Beginning {
    Entries begin();
  }

  private LazyScan(HostedTable hosted, Beginning beginning) {
    this.hosted = hosted;
    this.beginning = beginning;
  }

  /**
   * The entries that {@code opening} finds in what a reader sees of the store at the moment in
   * which the scan starts.
   *
   * @param <S> what the store knows beside its entries
   */
  public static <S> LazyScan of(
      HostedTable hosted, Readings<S> readings, Function<Contents<S>, Entries> opening) {
    return new LazyScan(hosted, () -> readings.read(opening));
  }

  /** Moves to the next entry unless there is one that was not consumed; false at the end. */
  public boolean hasNext() {
    if (ended) {
      return false;
    }
    if (!hosted.isOpen()) {
      close();
      return false;
    }
    if (atEntry) {
      return true;
    }
    Entries begun = entries;
    if (begun == null) {
      begun = begin();
      entries = begun;
    }
    if (begun != null && begun.advance()) {
      atEntry = true;
    } else {
      close();
    }
    return atEntry;
  }

  /** Null if the store was closed meanwhile. */
  private @Nullable Entries begin() {
    try {
      return beginning.begin();
    } catch (IllegalStateException e) {
      if (hosted.isOpen()) {
        throw e;
      }
      return null;
    } catch (InvalidStateStoreException e) {
      return null;
    }
  }

  /**
   * The cursor at the entry that comes next. Where {@link #hasNext()} said that there is one, there
   * is, though the store be closed meanwhile.
   *
   * @throws NoSuchElementException if there is none
   */
  public Cursor peek() {
    if ((!atEntry && !hasNext()) || entries == null) {
      throw exhausted();
    }
    return entries.entry();
  }

  /** What to throw where there is no next entry. */
  public NoSuchElementException exhausted() {
    return new NoSuchElementException(
        "The iterator has no next entry, because it is exhausted or closed: " + hosted.place());
  }

  /** Marks the entry at the cursor as consumed. */
  public void consume() {
    atEntry = false;
  }

  /** Ends the scan. Closing twice does nothing. */
  public void close() {
    ended = true;
    atEntry = false;
    if (entries != null) {
      entries.close();
    }
  }
}
