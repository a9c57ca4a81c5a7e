package io.timelog;

/**
 * Steps through the entries of a {@link Timelog} without allocating anything per entry; only a
 * codec may allocate the value it returns.
 *
 * <pre>{@code
 * try (TimelogCursor<String> cursor = log.cursor(TimeRange.of(10, 20))) {
 *   while (cursor.advance()) {
 *     consume(cursor.timestamp(), cursor.value());
 *   }
 * }
 * }</pre>
 *
 * <p>A cursor reads a snapshot: what was written or deleted after it was opened does not exist for
 * it. It pins the memory of that snapshot, so it must be closed; it closes itself when {@link
 * #advance()} returns false. A cursor belongs to one thread, which need not be the writer's.
 */
public final class TimelogCursor<V> implements AutoCloseable {
  private enum State {
    BETWEEN_ENTRIES,
    ON_ENTRY,
    EXHAUSTED,
    CLOSED
  }

  private final LogEngine.Rows rows;
  private final Payloads.ValueReader<V> reader;
  private final Payloads.ReadPin pin;
  private State state = State.BETWEEN_ENTRIES;

  TimelogCursor(LogEngine.Rows rows, Payloads.ValueReader<V> reader, Payloads.ReadPin pin) {
    this.rows = rows;
    this.reader = reader;
    this.pin = pin;
  }

  /**
   * Moves to the next entry; false when there is none, and then the cursor is closed.
   *
   * @throws IllegalStateException if the cursor was closed by {@link #close()}
   */
  public boolean advance() {
    if (state == State.CLOSED) {
      throw new IllegalStateException("The cursor is closed");
    }
    if (state == State.EXHAUSTED) {
      return false;
    }
    state = State.BETWEEN_ENTRIES;
    if (rows.advance()) {
      state = State.ON_ENTRY;
      return true;
    }
    state = State.EXHAUSTED;
    release();
    return false;
  }

  /**
   * The timestamp of the entry.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public long timestamp() {
    checkOnEntry();
    return rows.timestamp();
  }

  /**
   * The value of the entry; a codec decodes it anew on every call.
   *
   * @throws IllegalStateException if the cursor is not on an entry
   */
  public V value() {
    checkOnEntry();
    return reader.read(rows.payload(), rows.payloadOffset(), rows.payloadLength());
  }

  /** Whether the cursor is closed or exhausted. */
  public boolean isClosed() {
    return state == State.CLOSED || state == State.EXHAUSTED;
  }

  /** Lets go of the snapshot. Closing twice does nothing. */
  @Override
  public void close() {
    boolean wasOpen = !isClosed();
    state = State.CLOSED;
    if (wasOpen) {
      release();
    }
  }

  private void release() {
    try {
      rows.close();
    } finally {
      pin.close();
    }
  }

  private void checkOnEntry() {
    if (state != State.ON_ENTRY) {
      throw new IllegalStateException(
          state == State.CLOSED
              ? "The cursor is closed"
              : "The cursor is not on an entry: call advance(), and read only while it returns"
                  + " true");
    }
  }
}
