package io.timelog.model;

import io.timelog.model.StoreUnderTest.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies operations to the model and to several stores at once and compares every answer. */
final class LockstepRun implements AutoCloseable {
  private static final int REMEMBERED = 25;

  private final Workload workload;
  private final ModelStore model;
  private final List<StoreUnderTest> stores = new ArrayList<>();
  private final ArrayDeque<Operation> last = new ArrayDeque<>();
  private @Nullable StoreUnderTest current;
  private long steps;
  private long refusals;

  LockstepRun(Workload workload, List<StoreConfig> configs) {
    this.workload = workload;
    model = new ModelStore(workload);
    for (StoreConfig config : configs) {
      stores.add(new StoreUnderTest(config, workload));
    }
  }

  /** Applies one operation everywhere. */
  void step(Operation operation) {
    steps++;
    if (last.size() == REMEMBERED) {
      last.removeFirst();
    }
    last.addLast(operation);
    apply(operation);
  }

  private void apply(Operation operation) {
    if (operation instanceof Operation.Write write) {
      write(write);
    } else if (operation instanceof Operation.Read read) {
      Answer answer = model.answer(read.snapshot(), read.query());
      if (answer != null) {
        stores().forEachRemaining(store -> store.read(read.snapshot(), read.query(), answer));
      }
    } else if (operation instanceof Operation.ReadAll read) {
      List<ModelEntry> all = model.all(read.snapshot(), read.table());
      if (all != null) {
        stores().forEachRemaining(store -> store.readAll(read.snapshot(), read.table(), all));
      }
    } else if (operation instanceof Operation.OpenCursor open) {
      Answer answer = model.answer(open.snapshot(), open.query());
      if (answer instanceof Answer.Entries entries) {
        stores().forEachRemaining(store -> store.openCursor(open, entries));
      }
    } else if (operation instanceof Operation.Advance advance) {
      stores().forEachRemaining(store -> store.advance(advance.cursor(), advance.entries()));
    } else if (operation instanceof Operation.CloseCursor close) {
      stores().forEachRemaining(store -> store.closeCursor(close.cursor()));
    } else if (operation instanceof Operation.OpenSnapshot open) {
      model.openSnapshot(open.snapshot());
      stores().forEachRemaining(store -> store.openSnapshot(open.snapshot()));
    } else if (operation instanceof Operation.CloseSnapshot close) {
      model.closeSnapshot(close.snapshot());
      stores().forEachRemaining(store -> store.closeSnapshot(close.snapshot()));
    } else if (operation instanceof Operation.Maintain maintain) {
      stores().forEachRemaining(store -> store.maintain(maintain.roll()));
    }
  }

  private void write(Operation.Write write) {
    Outcome outcome = null;
    for (Iterator<StoreUnderTest> each = stores(); each.hasNext(); ) {
      StoreUnderTest store = each.next();
      Outcome here = store.write(write);
      if (here == Outcome.REFUSED && stores.size() == 1) {
        refusals++;
        store.closeReaders();
        return;
      }
      if (outcome == null) {
        outcome = model.write(write) ? Outcome.ACCEPTED : Outcome.LATE;
      }
      if (here != outcome) {
        throw new AssertionError("The write should be " + outcome + ", but was " + here);
      }
      long floor = model.table(write.table()).floor();
      if (store.floor(write.table()) != floor) {
        throw new AssertionError(
            "The floor should be " + floor + ", but was " + store.floor(write.table()));
      }
    }
    if (stores.isEmpty()) {
      model.write(write);
    }
    reportDeletes(write.table());
  }

  private void reportDeletes(int table) {
    List<ModelEntry> deleted = model.table(table).takeDeleted();
    for (StoreUnderTest store : stores) {
      current = store;
      for (ModelEntry entry : deleted) {
        store.deleted(table, entry);
      }
      store.checkDrops(table);
    }
  }

  /** The stores, each of which is noted as the one to blame while it is at work. */
  private Iterator<StoreUnderTest> stores() {
    Iterator<StoreUnderTest> each = stores.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public StoreUnderTest next() {
        StoreUnderTest store = each.next();
        current = store;
        return store;
      }
    };
  }

  long steps() {
    return steps;
  }

  long refusals() {
    return refusals;
  }

  /** The store at work when a step failed. */
  @Nullable StoreConfig culprit() {
    return current == null ? null : current.config();
  }

  /** The last operations, oldest first. */
  List<Operation> last() {
    return List.copyOf(last);
  }

  /** Compares everything once more and closes the stores. */
  @Override
  public void close() {
    for (int table = 0; table < workload.tables().size(); table++) {
      apply(new Operation.ReadAll(null, table));
    }
    stores().forEachRemaining(StoreUnderTest::close);
  }

  /** Closes what can be closed, after a failure. */
  void abandon() {
    for (StoreUnderTest store : stores) {
      store.abandon();
    }
  }
}
