package io.timelog.internal.engine;

import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Purpose;
import io.timelog.internal.upkeep.Memtables;
import io.timelog.internal.upkeep.SealedRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The memtables of all tables of a store: when they are tidied and when they are sealed. */
final class StoreMemtables implements Memtables {
  /**
   * Rows are stamped relative to their window with 31 bits; long before these run out, all are
   * sealed.
   */
  private static final long SEAL_AFTER_VERSIONS = 1L << 30;

  /** The part of full memtables that must fit into what is free, or nothing is sealed. */
  private static final int WORTHWHILE_PART = 8;

  /** How much of a window is tidied when memory was taken: about a millisecond. */
  private static final int TIDYING_EFFORT = 16_384;

  private final WriterGate gate;
  private final MemoryAccount pool;
  private final Supplier<? extends Collection<TableEngine>> tables;
  private final long maxBytes;
  private final Consumer<SealedRun> whenSealed;
  private int seenGrowths;
  private long sealedAtVersion;

  /**
   * Memtables of these tables.
   *
   * @param maxBytes all are sealed when they have so many bytes together
   * @param whenSealed gets every run that was sealed
   */
  StoreMemtables(
      WriterGate gate,
      MemoryAccount pool,
      Supplier<? extends Collection<TableEngine>> tables,
      long maxBytes,
      Consumer<SealedRun> whenSealed) {
    this.gate = gate;
    this.pool = pool;
    this.tables = tables;
    this.maxBytes = maxBytes;
    this.whenSealed = whenSealed;
  }

  /**
   * Looks after the memtables when a write took memory. Inside the operation, when it has written.
   *
   * @return whether another store asks for memory
   */
  boolean tend() {
    return pool.growths() != seenGrowths && tendNow();
  }

  /** Asked now and then only, which is why the gate calls the writer after many versions. */
  private boolean versionsRunOut() {
    return gate.version() - sealedAtVersion >= SEAL_AFTER_VERSIONS;
  }

  private boolean tendNow() {
    for (TableEngine table : tables.get()) {
      table.tidying().tidyCurrent(TIDYING_EFFORT);
    }
    if (versionsRunOut()) {
      sealAll();
    } else if (isFull()) {
      sealWhatCanBeFlushed();
    }
    seenGrowths = pool.growths();
    return pool.wasAsked();
  }

  /**
   * Seals windows whose segments fit into what is free, unless that is only a small part of what is
   * in memtables. All others stay windows that take writes, where garbage can still be freed
   * without a copy of what lives; relief finds ways for them when memory is short.
   */
  private void sealWhatCanBeFlushed() {
    long room = pool.roomForFlush();
    long fitting = 0;
    for (TableEngine table : tables.get()) {
      fitting += table.sealing().fittingBytes(room - fitting);
    }
    if (fitting >= maxBytes / WORTHWHILE_PART) {
      seal(room);
    }
  }

  /** Whether all windows together have reached the size at which they are sealed. */
  boolean isFull() {
    return maxBytes != Long.MAX_VALUE && bytes() >= maxBytes;
  }

  private long bytes() {
    long bytes = 0;
    for (TableEngine table : tables.get()) {
      bytes += table.active().bytes();
    }
    return bytes;
  }

  /** Seals all windows into one run. Inside an operation. */
  void sealAll() {
    handOn(sealForExport());
  }

  /** Seals all windows into a run that the caller hands on. Inside an operation. */
  SealedRun sealForExport() {
    SealedRun sealed = sealed(Long.MAX_VALUE);
    sealedAtVersion = gate.version();
    return sealed;
  }

  /** Seals windows up to this serial into a run that the caller hands on. Inside an operation. */
  SealedRun sealUpTo(long serial) {
    List<SealedRun.Part> parts = new ArrayList<>();
    for (TableEngine table : tables.get()) {
      table.sealing().sealUpTo(parts, serial);
    }
    return new SealedRun(parts);
  }

  /** Seals what fits into so many bytes into one run. Inside an operation. */
  void seal(long maxBytes) {
    handOn(sealed(maxBytes));
  }

  private void handOn(SealedRun sealed) {
    if (!sealed.parts().isEmpty()) {
      whenSealed.accept(sealed);
    }
  }

  private SealedRun sealed(long maxBytes) {
    List<SealedRun.Part> parts = new ArrayList<>();
    long room = maxBytes;
    for (TableEngine table : tables.get()) {
      room = table.sealing().seal(parts, room);
    }
    return new SealedRun(parts);
  }

  @Override
  public void tidy() {
    gate.resume();
    Purpose before = pool.begin(Purpose.RELIEF);
    try {
      for (TableEngine table : tables.get()) {
        table.tidying().tidyAll();
      }
      seenGrowths = pool.growths();
    } finally {
      pool.endPurpose(before);
      gate.exit();
    }
  }

  @Override
  public boolean dropTombstones() {
    gate.resume();
    Purpose before = pool.begin(Purpose.RELIEF);
    try {
      boolean any = false;
      for (TableEngine table : tables.get()) {
        any |= table.tidying().dropTombstones();
      }
      return any;
    } finally {
      pool.endPurpose(before);
      gate.exit();
    }
  }

  @Override
  public boolean dropGivenUp() {
    boolean any = false;
    for (TableEngine table : tables.get()) {
      for (WindowTidying.GivenUp found : table.tidying().findGivenUp()) {
        any |= drop(table, found);
      }
    }
    return any;
  }

  private boolean drop(TableEngine table, WindowTidying.GivenUp found) {
    gate.resume();
    Purpose before = pool.begin(Purpose.RELIEF);
    try {
      return table.tidying().drop(found);
    } finally {
      pool.endPurpose(before);
      gate.exit();
    }
  }

  @Override
  public boolean sealOne(long maxSegmentBytes) {
    gate.resume();
    try {
      for (TableEngine table : tables.get()) {
        if (pool.segmentsCanLeave()
            ? table.sealing().sealLongestLiving()
            : table.sealing().sealOldestWorthIt(maxSegmentBytes)) {
          return true;
        }
      }
      return false;
    } finally {
      gate.exit();
    }
  }
}
