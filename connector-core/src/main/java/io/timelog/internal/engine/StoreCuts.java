package io.timelog.internal.engine;

import io.timelog.internal.checkpoint.FlushRelief;
import io.timelog.internal.checkpoint.StoreCut;
import io.timelog.internal.checkpoint.TableCut;
import io.timelog.internal.manifest.FlushedWindow;
import io.timelog.internal.medium.StoreMedium;
import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.upkeep.Rounds;
import io.timelog.internal.upkeep.SealedRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Moments of a store, on their way into files. For the writer, inside an operation. */
final class StoreCuts {
  private static final int LEAST_RELIEF_PART = 16;

  private final StoreMedium medium;
  private final WriterGate gate;
  private final StoreMemtables memtables;
  private final Supplier<? extends Collection<TableEngine>> tables;
  private final Rounds rounds;
  private final Consumer<SealedRun> whenSealed;
  private final FlushRelief relief;

  StoreCuts(
      StoreMedium medium,
      WriterGate gate,
      StoreMemtables memtables,
      Supplier<? extends Collection<TableEngine>> tables,
      Rounds rounds,
      Consumer<SealedRun> whenSealed,
      NeighbourRelief besideWriter,
      MemoryAccount memory) {
    this.medium = medium;
    this.gate = gate;
    this.memtables = memtables;
    this.tables = tables;
    this.rounds = rounds;
    this.whenSealed = whenSealed;
    this.relief = new Beside(besideWriter, memory);
  }

  /**
   * Everything at this moment.
   *
   * @param whenReleased called when nothing of it is held any more
   */
  StoreCut all(Runnable whenReleased) {
    SealedRun sealed = memtables.sealForExport();
    List<TableCut> cuts = new ArrayList<>();
    for (TableEngine table : tables.get()) {
      cuts.add(table.cut());
    }
    return cut(sealed, cuts, whenReleased);
  }

  /**
   * Everything at this moment but for what is in windows that take writes.
   *
   * @param sealedSerial windows with this serial or a smaller one are sealed before
   * @param nextSerial no window has this serial or a larger one
   * @param left is told of the windows that are left out
   * @param flushed is told how far the log of each partition window is in what was cut
   */
  StoreCut beside(
      long sealedSerial, long nextSerial, LongConsumer left, Consumer<FlushedWindow> flushed) {
    SealedRun sealed = memtables.sealUpTo(sealedSerial);
    List<TableCut> cuts = new ArrayList<>();
    for (TableEngine table : tables.get()) {
      cuts.add(table.cutBeside(nextSerial, left, flushed));
    }
    return cut(sealed, cuts, () -> {});
  }

  /** The windows that take writes, by their serials. */
  Set<Long> activeSerials() {
    Set<Long> serials = new HashSet<>();
    for (TableEngine table : tables.get()) {
      table.active().forEachSerial(serials::add);
    }
    return serials;
  }

  private StoreCut cut(SealedRun sealed, List<TableCut> cuts, Runnable whenReleased) {
    // Not before: a flush applies the deletes of its own moment to what no cut watches.
    whenSealed.accept(sealed);
    return new StoreCut(medium.store(), gate.version(), cuts, rounds, relief, whenReleased);
  }

  /** Frees memory beside the writer, which waits for it at its next write. */
  private record Beside(NeighbourRelief besideWriter, MemoryAccount memory) implements FlushRelief {
    @Override
    public long leastBytes() {
      return mostBytes() / LEAST_RELIEF_PART;
    }

    @Override
    public long mostBytes() {
      return memory.limitBytes();
    }

    @Override
    public void relieve(long bytes) {
      besideWriter.relieveFor(bytes, 0);
      memory.relieveOthers(bytes);
    }
  }
}
