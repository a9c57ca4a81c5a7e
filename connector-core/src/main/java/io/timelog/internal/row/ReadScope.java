package io.timelog.internal.row;

import io.timelog.internal.cache.Hold;
import io.timelog.internal.cache.Parts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reader sees, and what is kept in memory for it meanwhile. Belongs to one thread at a
 * time.
 */
public final class ReadScope implements AutoCloseable {
  /*
   * Readers of what is in memory anyway keep nothing, so there is no list before there is a hold.
   */
  private long version;
  private @Nullable List<Hold> holds;

  /** Of who sees all rows. */
  public ReadScope() {
    this(Long.MAX_VALUE);
  }

  /** Of who sees rows of this version and older ones. */
  public ReadScope(long version) {
    this.version = version;
  }

  /** The newest version of rows that is seen. */
  public long version() {
    return version;
  }

  /** Lets go of everything, and begins to read anew as of another version. */
  public void at(long newVersion) {
    letGo();
    version = newVersion;
  }

  /** A hold for a cursor over parts of a segment, which ends with the scope or before. */
  public Hold hold(Parts<?> parts) {
    if (parts.areResident()) {
      return Hold.NONE;
    }
    List<Hold> all = holds;
    if (all == null) {
      all = new ArrayList<>();
      holds = all;
    }
    Hold hold = parts.newHold();
    all.add(hold);
    return hold;
  }

  /** Ends all holds: the cursors that were opened in the scope must not be used any more. */
  public void letGo() {
    List<Hold> all = holds;
    if (all != null && !all.isEmpty()) {
      all.forEach(Hold::letGo);
      all.clear();
    }
  }

  /** {@link #letGo}. The scope may be used again. */
  @Override
  public void close() {
    letGo();
  }
}
