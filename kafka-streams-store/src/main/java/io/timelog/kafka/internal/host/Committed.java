package io.timelog.kafka.internal.host;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;

/**
 * What was committed of a store last, for readers that must see nothing else.
 *
 * <p>One thread at a time writes and commits, any thread may read.
 *
 * @param <S> what the store knows beside its entries
 */
public final class Committed<S> implements Readings<S> {
  /*
   * As long as nothing was written since the last commit, the present is what was committed, and nothing
   * is held. That is so while a store is restored, and in one that is not written to. Before the first
   * write after a commit the writer takes a snapshot, and that is what was committed until the next
   * commit, which lets it go.
   *
   * A reader that reads the present looks afterwards whether it still is what was committed. The writer
   * says that it is not before it writes, so a reader that saw a write sees that as well. Every commit
   * makes an era of its own: a reader that saw half of a transaction, and looks when all of it is
   * committed, must not take that for an answer.
   */
  private final HostedTable hosted;
  private final Contents<S> present;
  private final UnaryOperator<S> freeze;
  private final AtomicLong uncommittedBytes = new AtomicLong();
  private volatile Era<S> era;

  /**
   * A time in which what was committed stays the same.
   *
   * @param past what is held of it; null if it is the present
   */
  private record Era<S>(Contents<S> contents, @Nullable PastTable past, Position position) {}

  /**
   * Of a table into which nothing was written but what was committed.
   *
   * @param present what the writer changes
   * @param freeze makes of the state one that the writer does not change
   */
  Committed(HostedTable hosted, S present, UnaryOperator<S> freeze) {
    this.hosted = hosted;
    this.present = new Contents<>(hosted, present);
    this.freeze = freeze;
    this.era = ofPresent();
  }

  private Era<S> ofPresent() {
    return new Era<>(present, null, hosted.position());
  }

  /** What a reader sees who may see what is not committed. */
  public Contents<S> present() {
    return present;
  }

  /**
   * Keeps what was committed for its readers, unless that was done since the last commit. For the
   * writer, before it changes anything.
   *
   * @param bytes about to be written
   */
  void beforeWrite(long bytes) {
    if (era.past() == null) {
      hold();
    }
    uncommittedBytes.lazySet(uncommittedBytes.get() + bytes);
  }

  /** Locked, so that nothing is held that a close by another thread does not let go. */
  private synchronized void hold() {
    PastTable past = hosted.past();
    era =
        new Era<>(
            new Contents<>(past, freeze.apply(present.state())), past, hosted.position().copy());
  }

  /** What was written is committed. For the writer. */
  synchronized void commit() {
    PastTable past = era.past();
    if (past != null) {
      era = ofPresent();
      uncommittedBytes.lazySet(0);
      past.letGo();
    }
  }

  /** Lets go of what is held; the store is closed, and all reads fail. */
  void close() {
    commit();
  }

  /** Bytes of keys and values that were written since the last commit. */
  long uncommittedBytes() {
    return uncommittedBytes.get();
  }

  /** How far the store had come in its input topics. */
  Position position() {
    return inOneEra(now -> now.position().copy());
  }

  @Override
  public <T extends @Nullable Object> T read(Function<? super Contents<S>, ? extends T> reading) {
    return inOneEra(now -> reading.apply(now.contents()));
  }

  @SuppressWarnings(
      "ReferenceEquality") // eras are told apart by what they are, not by what they say
  private <T extends @Nullable Object> T inOneEra(Function<Era<S>, ? extends T> reading) {
    while (true) {
      Era<S> now = era;
      T result;
      try {
        result = reading.apply(now);
      } catch (IllegalStateException e) {
        if (era == now) {
          throw e;
        }
        // What was held was let go meanwhile.
        continue;
      }
      if (now.past() != null || era == now) {
        return result;
      }
      dispose(result);
    }
  }

  private static void dispose(@Nullable Object result) {
    if (result instanceof AutoCloseable open) {
      try {
        open.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("What was read cannot be closed: " + result, e);
      }
    }
  }
}
