package io.timelog;

import io.timelog.internal.log.EncodedPayloads;
import io.timelog.internal.log.Payloads;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link Timelog} whose values a codec turns into bytes. Not
 * thread-safe.
 *
 * @param <V> the type of the values
 */
public final class TimelogBuilder<V> extends LogBuilder<TimelogBuilder<V>> {
  private final Codec<V> codec;
  private @Nullable DropListener<? super V> dropListener;
  private @Nullable Path directory;

  TimelogBuilder(Codec<V> codec) {
    this.codec = Objects.requireNonNull(codec, "codec");
  }

  @Override
  TimelogBuilder<V> self() {
    return this;
  }

  /** Told of every entry that a delete removed for good. Default: nobody. */
  public TimelogBuilder<V> dropListener(DropListener<? super V> listener) {
    dropListener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Keeps what is {@linkplain Timelog#commit committed} in a directory, which is made if it is not
   * there; if it is, the log begins with what was committed last. Windows must be cut as they were,
   * and values be encoded as they were. Default: in memory only.
   */
  public TimelogBuilder<V> directory(Path path) {
    directory = Objects.requireNonNull(path, "path");
    return this;
  }

  /**
   * An empty log with these settings, or the one in the directory.
   *
   * @throws IllegalArgumentException if the memtable may take more than the memory budget, if there
   *     is a window origin without a window size, or if the log in the directory was made with
   *     other windows
   * @throws ArithmeticException if the window size or origin cannot be expressed in the time
   *     precision
   * @throws StoreLockedException if another log or store has the directory
   * @throws TimelogCorruptionException if what is in the directory is not what was committed; names
   *     the file and the offset, and nothing was changed
   * @throws TimelogStorageException if the file system refuses
   * @throws MemoryBudgetExceededException if what is in the directory does not fit into the memory
   *     budget
   */
  public Timelog<V> build() {
    // What is set later on is not for this log, nor for the ones that it is reopened as.
    Codec<V> values = codec;
    @Nullable DropListener<? super V> listener = dropListener;
    Supplier<Payloads<V>> payloads = () -> new EncodedPayloads<>(values, listener);
    return directory == null
        ? new Timelog<>(storeSettings(), grids().get(), timePrecision(), payloads.get())
        : Timelog.open(directory, storeSettings(), grids(), timePrecision(), payloads);
  }
}
