package io.timelog.kafka.internal.host;

import io.timelog.TableOptions;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka Streams asks of every store, answered from a {@link HostedTable}. A subclass opens the
 * table in its {@code init} and hands it over by {@link #host}; all that makes it a window store or
 * another is its own.
 */
public abstract class HostedStore implements StateStore {
  private final String name;
  private final StoreKind kind;
  private volatile @Nullable HostedTable hosted;

  /** A store that is not initialized. */
  protected HostedStore(String name, StoreKind kind) {
    this.name = name;
    this.kind = kind;
  }

  /**
   * The table of the store: empty, or of the persistent kind as it was committed last. To be called
   * in {@code init}.
   *
   * @param layout how the store keeps keys, values and time, in words: what is committed with one
   *     layout is not read with another
   * @throws org.apache.kafka.streams.errors.ProcessorStateException if the directory of the task
   *     does not let the store have its table; says what to do
   */
  protected final HostedTable tableOf(
      TableOptions options, String layout, StateStoreContext context) {
    return HostedTable.of(options, layout, kind, name, context);
  }

  /** The store stands on this table from now on. */
  protected final void host(HostedTable table) {
    hosted = table;
  }

  /**
   * Registers the store with its task, which then restores it from its changelog.
   *
   * @param root the outermost layer of the store, as {@code StateStore.init} was given it
   * @param reader restores into {@link #hosted()}
   */
  protected final void register(
      StateStoreContext context, StateStore root, ChangelogReader reader) {
    context.register(root, new RestoredBatches(context, this::hosted, reader));
  }

  /**
   * The table, open or closed.
   *
   * @throws InvalidStateStoreException if the store was never initialized
   */
  protected final HostedTable hosted() {
    HostedTable opened = hosted;
    if (opened == null) {
      throw new InvalidStateStoreException("Store is not initialized: store=" + name);
    }
    return opened;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    HostedTable opened = hosted;
    return opened == null
        ? QueryResult.forFailure(
            FailureReason.STORE_EXCEPTION, "Store is not initialized: store=" + name)
        : opened.answer(query, bound, config, this, this::run);
  }

  /** Whether a reader of this level must not see what the store holds beyond what was committed. */
  protected final boolean readsCommitted(IsolationLevel level) {
    Objects.requireNonNull(level, "isolationLevel cannot be null");
    return level == IsolationLevel.READ_COMMITTED && hosted().isTransactional();
  }

  /** As {@link QueryHandler#run}. */
  protected abstract @Nullable QueryResult<?> run(Query<?> query, IsolationLevel level);

  @Override
  public final Position getPosition() {
    HostedTable opened = hosted;
    // The position of a closed store would speak of entries that are gone.
    return opened == null || !opened.isOpen() ? Position.emptyPosition() : opened.position();
  }

  @Override
  public final void commit(Map<TopicPartition, Long> changelogOffsets) {
    hosted().commit(changelogOffsets);
  }

  @Override
  public final @Nullable Long committedOffset(TopicPartition partition) {
    HostedTable opened = hosted;
    return opened == null ? null : opened.committedOffset(partition);
  }

  @Override
  @SuppressWarnings("deprecation") // Until Kafka assumes it of every store.
  public final boolean managesOffsets() {
    return true;
  }

  /**
   * Bytes of keys and values that were written since the last commit, if the application has
   * transactional stores. They are in the store, and may make it keep as much again that they
   * replaced. Part of {@code StateStore} from Kafka Streams 4.4 on.
   */
  public final long approximateNumUncommittedBytes() {
    HostedTable opened = hosted;
    return opened == null ? 0 : opened.uncommittedBytes();
  }

  @Override
  public final boolean persistent() {
    return kind == StoreKind.PERSISTENT;
  }

  @Override
  public final boolean isOpen() {
    HostedTable opened = hosted;
    return opened != null && opened.isOpen();
  }

  @Override
  public final void close() {
    HostedTable opened = hosted;
    if (opened != null) {
      opened.close();
    }
  }
}
