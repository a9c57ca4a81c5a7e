package io.timelog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a range of time, to be read in the way that suits: in a loop, as a stream, or at
 * once.
 *
 * <pre>{@code
 * for (Entry<String> entry : log.range(10, 20)) {
 *   ...
 * }
 * }</pre>
 *
 * <p>A range is a question and not an answer: it holds no memory, may be kept, and may be asked
 * again. Each reading takes a snapshot when it begins, sees the entries of that moment, and pins
 * their memory until it ends:
 *
 * <ul>
 *   <li>{@link #forEach}, {@link #toList}, {@link #first} and {@link #isEmpty} end it in any case;
 *   <li>a loop or a stream ends it when it gets to the end of the range;
 *   <li>a loop that may be left before, and a stream that may stop before ({@code findFirst},
 *       {@code limit}, {@code anyMatch}), needs try-with-resources, on {@link #iterator()} or on
 *       the stream.
 * </ul>
 *
 * <p>What is forgotten is closed after it was garbage collected, and counted. Immutable and
 * thread-safe; what it gives belongs to one thread.
 *
 * @param <E> the type of the entries
 */
public sealed class EntryRange<E> implements Iterable<E> permits TimelogRange {
  private final TimeRange range;
  private final Supplier<? extends EntrySource<E>> forward;
  private final Supplier<? extends EntrySource<E>> backward;
  private final ForgottenIterators forgotten;

  /** A range that is read with what the first supplier opens, and reversed with the second. */
  EntryRange(
      TimeRange range,
      Supplier<? extends EntrySource<E>> forward,
      Supplier<? extends EntrySource<E>> backward,
      ForgottenIterators forgotten) {
    this.range = range;
    this.forward = forward;
    this.backward = backward;
    this.forgotten = forgotten;
  }

  /** The range of time. */
  public final TimeRange timeRange() {
    return range;
  }

  /** The same entries in exactly the reverse order. */
  public EntryRange<E> reversed() {
    return new EntryRange<>(range, backward, forward, forgotten);
  }

  /**
   * Begins to read. The iterator closes itself at the end of the range; whoever may leave it before
   * closes it.
   *
   * @throws IllegalStateException if the log or store is closed
   */
  @Override
  public final EntryIterator<E> iterator() {
    return new EntryIterator<>(forward.get(), forgotten);
  }

  /**
   * Takes all entries.
   *
   * @throws IllegalStateException if the log or store is closed
   */
  @Override
  public final void forEach(Consumer<? super E> action) {
    EntrySource<E> source = forward.get();
    try {
      while (source.advance()) {
        action.accept(source.entry());
      }
    } finally {
      source.close();
    }
  }

  /**
   * The entries as a sequential stream, in order, which takes its snapshot when its terminal
   * operation begins. Close it if that may stop before the end of the range.
   */
  public final Stream<E> stream() {
    Steps<E> steps = new Steps<>(this);
    return StreamSupport.stream(steps, false).onClose(steps::close);
  }

  /** As that of {@link #stream()}: takes its snapshot with the first entry. */
  @Override
  public final Spliterator<E> spliterator() {
    return new Steps<>(this);
  }

  /** All entries; the list belongs to the caller. */
  public final List<E> toList() {
    List<E> list = new ArrayList<>();
    forEach(list::add);
    return list;
  }

  /** The first entry in the order of this range; empty if there is none. */
  public final Optional<E> first() {
    EntrySource<E> source = forward.get();
    try {
      return source.advance() ? Optional.of(source.entry()) : Optional.empty();
    } finally {
      source.close();
    }
  }

  /** Whether there is no entry at this moment. */
  public final boolean isEmpty() {
    EntrySource<E> source = forward.get();
    try {
      return !source.advance();
    } finally {
      source.close();
    }
  }

  @Override
  public String toString() {
    return "EntryRange[" + range + "]";
  }

  /** Closes its iterator at the end, and if whoever takes the entries throws. */
  private static final class Steps<E> extends Spliterators.AbstractSpliterator<E> {
    private final EntryRange<E> range;
    private @Nullable EntryIterator<E> iterator;
    private boolean closed;

    Steps(EntryRange<E> range) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
      this.range = range;
    }

    private EntryIterator<E> open() {
      if (iterator == null) {
        iterator = range.iterator();
      }
      return iterator;
    }

    @Override
    public boolean tryAdvance(Consumer<? super E> action) {
      if (closed || !open().hasNext()) {
        return false;
      }
      boolean taken = false;
      try {
        action.accept(open().next());
        taken = true;
      } finally {
        if (!taken) {
          close();
        }
      }
      return true;
    }

    @Override
    public void forEachRemaining(Consumer<? super E> action) {
      if (!closed) {
        try {
          open().forEachRemaining(action);
        } finally {
          close();
        }
      }
    }

    void close() {
      closed = true;
      if (iterator != null) {
        iterator.close();
      }
    }
  }
}
