package io.timelog.flink.internal.table;

import io.timelog.BatchPosition;
import io.timelog.ByteTarget;
import io.timelog.EntryBatch;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.TableWriter;
import io.timelog.TimeRange;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the rows of one state: the writer of its table, with refusals that name what an
 * operator of a cluster knows, the state and the settings. For the task's thread.
 */
public final class RowWriter {
  private final String state;
  private final TableWriter table;
  private @Nullable RowObserver observer;

  /**
   * The writer of a table.
   *
   * @param state what the table is for, which appears in messages
   */
  public RowWriter(String state, TableWriter table) {
    this.state = state;
    this.table = table;
  }

  /** Tells an observer of all that is going to be written here, in the place of any before. */
  public void observe(RowObserver told) {
    observer = told;
  }

  /** As {@link TableWriter#get}. */
  public boolean get(Span key, long timestamp, Span subkey, ByteTarget target) {
    return table.get(key, timestamp, subkey, target);
  }

  /** As {@link TableWriter#contains}. */
  public boolean contains(Span key, long timestamp, Span subkey) {
    return table.contains(key, timestamp, subkey);
  }

  /** As {@link TableWriter#readBatch}. */
  public int readBatch(Span key, BatchPosition position, EntryBatch batch) {
    return table.readBatch(key, position, batch);
  }

  /** As {@link TableWriter#count}. */
  public long count(Span key, long timestamp) {
    return table.count(key, timestamp);
  }

  /** As {@link TableWriter#put}. */
  public void put(Span key, long timestamp, Span subkey, Span value) {
    try {
      beforeWrite(key, timestamp);
      table.put(key, timestamp, subkey, value);
    } catch (MemoryBudgetExceededException e) {
      throw refusal(e);
    }
  }

  /** As {@link TableWriter#append}. */
  public void append(Span key, long timestamp, Span value) {
    try {
      beforeWrite(key, timestamp);
      table.append(key, timestamp, value);
    } catch (MemoryBudgetExceededException e) {
      throw refusal(e);
    }
  }

  /** As {@link TableWriter#replaceAll}. */
  public void replaceAll(Span key, long timestamp, EntryBatch batch) {
    try {
      beforeWrite(key, timestamp);
      table.replaceAll(key, timestamp, batch);
    } catch (MemoryBudgetExceededException e) {
      throw refusal(e);
    }
  }

  /** As {@link TableWriter#remove}. */
  public void remove(Span key, long timestamp, Span subkey) {
    try {
      beforeWrite(key, timestamp);
      table.remove(key, timestamp, subkey);
    } catch (MemoryBudgetExceededException e) {
      throw refusal(e);
    }
  }

  /** As {@link TableWriter#removeAndGet}. */
  public boolean removeAndGet(Span key, long timestamp, Span subkey, ByteTarget target) {
    try {
      beforeWrite(key, timestamp);
      return table.removeAndGet(key, timestamp, subkey, target);
    } catch (MemoryBudgetExceededException e) {
      throw refusal(e);
    }
  }

  /** As {@link TableWriter#removeRange}. */
  public void removeRange(Span key, TimeRange range) {
    try {
      if (observer != null) {
        observer.beforeRemove(key, range);
      }
      table.removeRange(key, range);
    } catch (MemoryBudgetExceededException e) {
      throw refusal(e);
    }
  }

  private void beforeWrite(Span key, long timestamp) {
    if (observer != null) {
      observer.beforeWrite(key, timestamp);
    }
  }

  private FlinkRuntimeException refusal(MemoryBudgetExceededException cause) {
    return new FlinkRuntimeException(
        "The state of the slot does not fit into its memory: state="
            + state
            + ", usedBytes="
            + cause.use().usedBytes()
            + ", limitBytes="
            + cause.use().limitBytes()
            + ", requestedBytes="
            + cause.use().requestedBytes()
            + ", operator="
            + cause.store()
            + ". If the log says that segments cannot be moved into files, make room for them."
            + " Otherwise raise taskmanager.memory.managed.size (or .fraction), or"
            + " state.backend.timelog.memory.fixed-per-slot if that is set; or spread the state"
            + " over more slots by a higher parallelism.",
        cause);
  }
}
