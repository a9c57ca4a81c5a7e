package io.timelog.internal.engine;

import io.timelog.ByteTarget;
import io.timelog.ConcurrentWriterException;
import io.timelog.Editor;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.Span;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.read.PointRead;
import java.util.Objects;

/** Writes to a map that depend on the entry that is there. For the writer. */
public final class EntryUpdate {
  /*
   * An editor is a stranger: it may be slow, throw, or use the store. So it runs while the gate is
   * claimed and no operation is under way. Readers come and go meanwhile, other writers are refused, and
   * nothing has been written if it throws. What it saw is still there when its result is written, because
   * nobody else could write in between; there is nothing to validate.
   */

  /** An array that was made for a larger value is not kept. */
  private static final int MAX_KEPT_BYTES = 1 << 16;

  private final TableEngine table;
  private final Writes writes;
  private final PutIfAbsent putIfAbsent = new PutIfAbsent();
  private final EditedEntry entry = new EditedEntry();
  private ByteTarget old = new ByteTarget();
  private ByteTarget edited = new ByteTarget();
  private final Span oldValue = new Span();

  EntryUpdate(TableEngine table, Writes writes) {
    this.table = table;
    this.writes = writes;
  }

  /**
   * Puts an entry unless there is one; false if there is, or if it is late and refused.
   *
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public boolean putIfAbsent(Span key, long timestamp, Span subkey, Span value) {
    writes.begin(table);
    putIfAbsent.place.set(key, timestamp, subkey);
    putIfAbsent.value.set(value);
    return writes.perform(table.name(), putIfAbsent);
  }

  private final class PutIfAbsent extends WriteOperation {
    private final EntryPlace place = new EntryPlace();
    private final Span value = new Span();

    @Override
    boolean apply() {
      return table.readPresent(place, null) == PointRead.ABSENT && table.putEntry(place, value);
    }
  }

  /**
   * Has an editor decide about an entry.
   *
   * @return what became of the entry
   * @throws ConcurrentWriterException if another thread is in the middle of a write
   * @throws MemoryBudgetExceededException if there is no room; nothing changed
   * @throws IllegalArgumentException if the editor made too large a value; nothing changed
   * @throws IllegalStateException if the table was dropped
   */
  public Editor.Outcome update(Span key, long timestamp, Span subkey, Editor editor) {
    writes.claim();
    Editor.Outcome outcome;
    try {
      table.requireNotDropped();
      entry.place.set(key, timestamp, subkey);
      outcome = edit(editor);
    } finally {
      old = kept(old);
      edited = kept(edited);
      writes.release();
    }
    if (outcome != Editor.Outcome.KEEP) {
      writes.slowDown();
    }
    return outcome;
  }

  private Editor.Outcome edit(Editor editor) {
    int length = table.readPresent(entry.place, old);
    boolean there = length != PointRead.ABSENT;
    Editor.Outcome wanted = editor.edit(there ? oldValue.set(old) : null, edited.clear());
    Objects.requireNonNull(wanted, "The editor returned no outcome.");
    if (wanted == Editor.Outcome.PUT) {
      PartSize.require("value", edited.length());
      entry.value.set(edited);
    }
    boolean nothingToDo =
        wanted == Editor.Outcome.KEEP || (wanted == Editor.Outcome.REMOVE && !there);
    entry.remove = wanted == Editor.Outcome.REMOVE;
    return nothingToDo || !write() ? Editor.Outcome.KEEP : wanted;
  }

  private boolean write() {
    writes.beginClaimed();
    return writes.performQuietly(table.name(), entry);
  }

  private static ByteTarget kept(ByteTarget target) {
    return target.bytes().length > MAX_KEPT_BYTES ? new ByteTarget() : target;
  }

  /** What an editor decided. */
  private final class EditedEntry extends WriteOperation {
    private final EntryPlace place = new EntryPlace();
    private final Span value = new Span();
    private boolean remove;

    @Override
    boolean apply() {
      return remove ? table.removeEntry(place) : table.putEntry(place, value);
    }

    @Override
    Purpose purpose() {
      return remove ? Purpose.NO_GROWTH : table.purposeOfPut(place, value);
    }
  }
}
