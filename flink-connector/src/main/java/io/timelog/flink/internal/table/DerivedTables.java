package io.timelog.flink.internal.table;

import io.timelog.BusyPolicy;
import io.timelog.Maintenance;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogStore;
import org.jspecify.annotations.Nullable;

/**
 * Tables of what is derived from the entries of states. They are in a store of their own, within
 * the memory of the slot: no snapshot has them, and a backend that was restored begins without. For
 * the task's thread.
 */
final class DerivedTables implements AutoCloseable {
  private final TimelogStore states;
  private @Nullable TimelogStore derived;

  /** Tables that were made so far, of which each has a name of its own. */
  private int made;

  DerivedTables(TimelogStore states) {
    this.states = states;
  }

  /** A name for the next table. */
  String nextName(String state) {
    return state + "#" + made++;
  }

  Table create(TableOptions options) {
    if (derived == null) {
      derived =
          TimelogStore.builder()
              .name(states.name())
              .memoryBudget(states.memoryBudget())
              .maintenance(Maintenance.DISABLED)
              .busyPolicy(BusyPolicy.FLUSH)
              .build();
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
