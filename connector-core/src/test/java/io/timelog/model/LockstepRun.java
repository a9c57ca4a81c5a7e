package io.timelog.model;

import io.timelog.MemoryBudget;
import io.timelog.TimeRange;
import io.timelog.model.StoreUnderTest.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies operations to the model and to several stores at once and compares every answer. */
final class LockstepRun implements AutoCloseable {
  private static final int REMEMBERED = 25;

  /** Below this part of its budget, what lives leaves room enough for any write. */
  private static final int ROOM_PART = 4;

  private final Workload workload;
  private final ModelStore model;
  private final List<StoreUnderTest> stores = new ArrayList<>();
  private final ArrayDeque<Operation> last = new ArrayDeque<>();
  private @Nullable StoreUnderTest current;
  private long steps;
  private final boolean ownsItsBudget;
  private long refusals;

  /** Stores with budgets of their own. */
  LockstepRun(Workload workload, List<StoreConfig> configs) {
    this.workload = workload;
    model = new ModelStore(workload);
    ownsItsBudget = true;
    for (StoreConfig config : configs) {
      stores.add(new StoreUnderTest(config, workload));
    }
  }

  /** One store, which may share its budget with those of other runs. */
  LockstepRun(Workload workload, StoreConfig config, MemoryBudget budget) {
    this.workload = workload;
    model = new ModelStore(workload);
    ownsItsBudget = false;
    stores.add(new StoreUnderTest(config, workload, budget));
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
    } else if (operation instanceof Operation.DropTable drop) {
      stores().forEachRemaining(store -> store.dropTable(drop.table()));
      model.dropTable(drop.table());
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
        here = refused(write, store);
        if (here == Outcome.REFUSED) {
          refusals++;
          return;
        }
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

  /**
   * The write has changed nothing. If the store has to accept it, it does once its readers are
   * gone.
   */
  private Outcome refused(Operation.Write write, StoreUnderTest store) {
    compareWithModel(write, store);
    boolean hadReaders = store.hasReaders();
    store.closeReaders();
    boolean mayBeRefused =
        isAddition(write)
            && (!ownsItsBudget || model.liveBytes() > store.budget().limitBytes() / ROOM_PART);
    if (mayBeRefused) {
      return Outcome.REFUSED;
    }
    Outcome again = hadReaders ? store.write(write) : Outcome.REFUSED;
    if (again == Outcome.REFUSED) {
      throw new AssertionError(
          "Refused, and nobody reads: budget=" + store.budget() + ", live=" + model.liveBytes());
    }
    return again;
  }

  private static boolean isAddition(Operation.Write write) {
    return write instanceof Operation.Append
        || write instanceof Operation.Put
        || (write instanceof Operation.Replace replace && !replace.items().isEmpty());
  }

  /** Compares the entries that a write is about. */
  private void compareWithModel(Operation.Write write, StoreUnderTest store) {
    Query query;
    if (write instanceof Operation.Append append) {
      query = ofKey(write, append.key(), TimeRange.all());
    } else if (write instanceof Operation.Put put) {
      query = ofKey(write, put.key(), TimeRange.all());
    } else if (write instanceof Operation.Replace replace) {
      query = ofKey(write, replace.key(), TimeRange.all());
    } else if (write instanceof Operation.Remove remove) {
      query = ofKey(write, remove.key(), TimeRange.all());
    } else if (write instanceof Operation.RemoveRange remove) {
      query = ofKey(write, remove.key(), TimeRange.all());
    } else {
      query = new Query.InTimeOrder(write.table(), TimeRange.all(), Direction.FORWARD);
    }
    Answer answer = model.answer(null, query);
    if (answer != null) {
      store.read(null, query, answer);
    }
  }

  private static Query ofKey(Operation.Write write, Bytes key, TimeRange range) {
    return new Query.OfKey(write.table(), key, range, Direction.FORWARD);
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

  /** Compares everything once more and closes the stores, which then hold nothing. */
  @Override
  public void close() {
    compareAll();
    stores().forEachRemaining(StoreUnderTest::close);
    if (ownsItsBudget) {
      for (StoreUnderTest store : stores) {
        long left = store.budget().usedBytes();
        if (left != 0) {
          throw new AssertionError("A closed store holds memory: bytes=" + left);
        }
      }
    }
  }

  /** Compares everything that is there now. */
  void compareAll() {
    for (int table = 0; table < workload.tables().size(); table++) {
      apply(new Operation.ReadAll(null, table));
    }
  }

  /** Closes snapshots and cursors, and lets maintenance end. */
  void settle() {
    stores().forEachRemaining(StoreUnderTest::settle);
  }

  /** Closes what can be closed, after a failure. */
  void abandon() {
    for (StoreUnderTest store : stores) {
      store.abandon();
    }
  }
}
