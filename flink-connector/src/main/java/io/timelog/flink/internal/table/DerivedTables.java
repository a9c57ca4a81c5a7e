package io.timelog.flink.internal.table;

import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tables of what is derived from the entries of states. They are in a store of their own, within
 * the memory of the slot: no snapshot has them, and a backend that was restored begins without. For
 * the task's thread.
 */
final class DerivedTables implements AutoCloseable {
  private final Supplier<TimelogStore> opening;
  private @Nullable TimelogStore derived;

  /** Tables that were made so far, of which each has a name of its own. */
  private int made;

  /** Tables of a store that is made when the first of them is. */
  DerivedTables(Supplier<TimelogStore> opening) {
    this.opening = opening;
  }

  /** A name for the next table. */
  String nextName(String state) {
    return state + "#" + made++;
  }

  Table create(TableOptions options) {
    if (derived == null) {
      derived = opening.get();
    }
    return derived.createTable(options);
  }

  void drop(Table table) {
    if (derived != null) {
      derived.dropTable(table.name());
    }
  }

  /** Lets go of all of them. Closing twice does nothing. */
  @Override
  public void close() {
    if (derived != null) {
      derived.close();
    }
  }
}
