package io.timelog.internal.engine;

import io.timelog.internal.memory.MemoryAccount;
import io.timelog.internal.memory.Relievable;
import io.timelog.internal.upkeep.MemoryRelief;
import io.timelog.internal.upkeep.Rounds;
import java.util.function.BooleanSupplier;

/** Relief of a store for the sake of the others of its budget, on their threads. */
final class NeighbourRelief implements Relievable {
  /*
   * The other thread is inside a write of its own store. So it never waits for a writer here: it claims the
   * gate if none is at work. A writer of this store that comes meanwhile waits for it instead of being
   * refused. Two stores that relieve each other have both claimed their own gates, and both turn away.
   *
   * A round of maintenance on another thread may be waited for, because it ends by itself: it waits for
   * no gate. Its end is the last chance of the other store before a write is refused, so patience is worth
   * it; that it is bounded keeps two threads apart whatever a round comes to do.
   *
   * Reports of dropped entries call listeners, which expect the thread of their store's writer or of its
   * maintenance. These are told to do it.
   */
  private static final long NEVER = -1;

  private final WriterGate gate;
  private final BooleanSupplier closed;
  private final Rounds rounds;
  private final MemoryRelief relief;
  private final MemoryAccount memory;
  private final Runnable wakeMaintenance;

  /** The gate's ticket, readers and free bytes of the budget when nothing could be freed. */
  private volatile Fruitless fruitless = new Fruitless(NEVER, 0, 0);

  NeighbourRelief(
      WriterGate gate,
      BooleanSupplier closed,
      Rounds rounds,
      MemoryRelief relief,
      MemoryAccount memory,
      Runnable wakeMaintenance) {
    this.gate = gate;
    this.closed = closed;
    this.rounds = rounds;
    this.relief = relief;
    this.memory = memory;
    this.wakeMaintenance = wakeMaintenance;
  }

  private record Fruitless(long ticket, long readers, long room) {}

  @Override
  public boolean relieveFor(long wantedBytes, long patienceNanos) {
    if (rounds.unreported() > 0) {
      memory.askWriter();
      wakeMaintenance.run();
    }
    if (wouldBeFruitless()) {
      return false;
    }
    if (!gate.tryClaimForRelief()) {
      memory.askWriter();
      return false;
    }
    long readers = gate.openReaders();
    long room = memory.availableBytes();
    boolean open = !closed.getAsBoolean();
    boolean done = false;
    try {
      done = open && rounds.tryExclusively(() -> relief.relieveAlone(wantedBytes), patienceNanos);
    } finally {
      long ticket = gate.afterClaim();
      gate.unclaim();
      if (done && memory.availableBesideFlushes() < wantedBytes) {
        fruitless = new Fruitless(ticket, readers, Math.max(room, memory.availableBytes()));
      }
    }
    return open && !done;
  }

  /** Whether nothing has changed since the last time that might make a difference. */
  private boolean wouldBeFruitless() {
    Fruitless last = fruitless;
    return gate.isStill(last.ticket)
        && gate.openReaders() >= last.readers
        && memory.availableBytes() <= last.room;
  }
}
