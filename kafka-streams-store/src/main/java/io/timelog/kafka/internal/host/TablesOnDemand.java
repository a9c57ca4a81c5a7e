package io.timelog.kafka.internal.host;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import io.timelog.kafka.internal.durability.StoreHome;
import io.timelog.kafka.internal.metrics.StoreFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table of a store, and those beside it, which are opened when one of them is needed: Kafka
 * Streams initializes stores of which it only wants to know the offsets. Thread-safe.
 *
 * <p>All methods that need a table throw an {@link IllegalStateException} if the home was closed
 * before, and a {@link org.apache.kafka.streams.errors.ProcessorStateException} that says what to
 * do if its directory cannot be opened.
 */
final class TablesOnDemand {
  private final StoreHome home;
  private final TableOptions options;

  /** Of tables that are derived from the entries. Under the lock. */
  private final List<TableOptions> beside = new ArrayList<>();

  /** Null as long as nothing was needed. */
  private volatile @Nullable Opened opened;

  private record Opened(TimelogStore engine, Table table) {}

  /** A table with these options, in an engine that is closed by the home. */
  TablesOnDemand(StoreHome home, TableOptions options) {
    this.home = home;
    this.options = options;
  }

  /** Has an empty table of its own opened with the others. To be called before one is needed. */
  synchronized void addBeside(TableOptions derived) {
    beside.add(derived);
  }

  /** The name of the table. */
  String name() {
    return options.name();
  }

  /** The engine in which the tables are. */
  TimelogStore engine() {
    return opened().engine();
  }

  /** The table. */
  Table table() {
    return opened().table();
  }

  /** A table beside it. */
  Table beside(String name) {
    return opened().engine().table(name);
  }

  /** What is told of them; empty as long as they were not needed. */
  Optional<StoreFigures> figures() {
    Opened now = opened;
    return now == null
        ? Optional.empty()
        : Optional.of(new StoreFigures(now.table().stats(), now.engine().stats()));
  }

  private Opened opened() {
    Opened now = opened;
    return now == null ? open() : now;
  }

  private synchronized Opened open() {
    Opened now = opened;
    if (now == null) {
      now = openIn(home.engine());
      opened = now;
    }
    return now;
  }

  private Opened openIn(TimelogStore engine) {
    // What is derived from the entries is made anew.
    for (String other : engine.tables()) {
      if (!other.equals(options.name())) {
        engine.dropTable(other);
      }
    }
    Table table = engine.openTable(options);
    beside.forEach(engine::createTable);
    return new Opened(engine, table);
  }
}
