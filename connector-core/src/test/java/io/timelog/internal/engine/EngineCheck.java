package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.segment.Segment;
import io.timelog.internal.view.PartitionWindow;
import io.timelog.internal.view.Source;
import io.timelog.internal.view.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches the stores that one test opens: checks their state when they are closed, and that nothing
 * of them is left when the test is over.
 */
public final class EngineCheck {
  private static final InheritableThreadLocal<@Nullable EngineCheck> CURRENT =
      new InheritableThreadLocal<>();

  /** Hands stores to the check of the thread that opens or closes them. */
  public static final class Observer implements StoreObserver {
    /** Made by the service loader. */
    public Observer() {}

    @Override
    public void opened(StoreEngine engine) {
      EngineCheck check = CURRENT.get();
      if (check != null) {
        check.opened(engine);
      }
    }

    @Override
    public void closing(StoreEngine engine) {
      EngineCheck check = CURRENT.get();
      if (check != null) {
        check.closing(engine);
      }
    }
  }

  private final List<StoreEngine> engines = new ArrayList<>();
  private final List<AssertionError> violations = new ArrayList<>();

  private EngineCheck() {}

  /** Watches the stores that this thread, and threads that it starts, open from now on. */
  public static EngineCheck begin() {
    EngineCheck check = new EngineCheck();
    CURRENT.set(check);
    return check;
  }

  private synchronized void opened(StoreEngine engine) {
    engines.add(engine);
  }

  /**
   * A store must still be closed when it is found to be wrong, so what is wrong is kept for later.
   */
  private synchronized void closing(StoreEngine engine) {
    try {
      check(engine);
    } catch (AssertionError violation) {
      violations.add(violation);
    }
  }

  /**
   * Checks the state of all open stores. For the writer of the stores, between two writes.
   *
   * @throws AssertionError if an invariant is broken
   */
  public synchronized void checkNow() {
    for (StoreEngine engine : engines) {
      if (!engine.isClosed()) {
        check(engine);
      }
    }
  }

  private void check(StoreEngine engine) {
    long held = 0;
    for (TableEngine table : engine.tables().values()) {
      held += checkView(engine, table);
    }
    // Counted after the views were looked at, which reads segments of files into memory.
    held += engine.stats().pooledBytes() + heldBySegments(engine) + engine.heldForCommits();
    if (isQuiet(engine)) {
      assertThat(heldBySegments(engine))
          .as("%s: memory of segments is that of the segments, rounded up", engine.name())
          .isBetween(residentBytes(engine), segmentBytes(engine) * 2 + sectionBytes(engine));
      assertThat(engine.settings().budget().usedBytes())
          .as("%s: bytes accounted are bytes held", engine.name())
          .isEqualTo(held);
    }
  }

  private static long segmentBytes(StoreEngine engine) {
    return engine.tables().values().stream().mapToLong(table -> table.stats().segmentBytes()).sum();
  }

  /** Segments that are read from files hold as much of them as they need, but no less than this. */
  private static long residentBytes(StoreEngine engine) {
    return segments(engine).filter(Segment::isResident).mapToLong(Segment::sizeBytes).sum();
  }

  /** Each of the sections that are read of a segment in a file is rounded up by itself. */
  private static long sectionBytes(StoreEngine engine) {
    return segments(engine).filter(segment -> !segment.isResident()).count() * 1024;
  }

  private static Stream<Segment> segments(StoreEngine engine) {
    return engine.tables().values().stream()
        .flatMap(table -> table.currentView().windows().stream())
        .flatMap(window -> window.sources().stream())
        .flatMap(source -> source.segments().stream());
  }

  private static long heldBySegments(StoreEngine engine) {
    return engine.storage().heldBytes();
  }

  /**
   * Whether the present views hold all that the budget has given out: readers, maintenance and
   * unfinished reports hold more, and so do other stores.
   */
  private boolean isQuiet(StoreEngine engine) {
    return engine.openReaders() == 0
        && !engine.isMaintained()
        && engine.retiredQueueLength() == 0
        && engines.stream()
            .allMatch(
                other ->
                    other == engine || other.settings().budget() != engine.settings().budget());
  }

  private static long checkView(StoreEngine engine, TableEngine table) {
    TableView view = table.currentView();
    while (!view.tryRetain()) {
      view = table.currentView();
    }
    try {
      ViewInvariants.check(engine.name() + "." + table.name(), view);
      long held = 0;
      for (PartitionWindow window : view.windows()) {
        for (Source source : window.sources()) {
          held += source.memtable() == null ? 0 : source.bytes();
        }
      }
      return held;
    } finally {
      view.release();
    }
  }

  /**
   * Stops watching.
   *
   * @throws AssertionError if an invariant was broken, or if anything was left open or unreleased
   */
  public synchronized void end() {
    CURRENT.remove();
    if (!violations.isEmpty()) {
      AssertionError first = violations.get(0);
      violations.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
    for (StoreEngine engine : engines) {
      assertThat(engine.isClosed()).as("%s: the test closed its store", engine.name()).isTrue();
      assertThat(engine.openReaders())
          .as("%s: the test closed its snapshots and cursors", engine.name())
          .isZero();
    }
    for (StoreEngine engine : engines) {
      assertThat(engine.settings().budget().usedBytes())
          .as("%s: bytes still held by closed stores", engine.name())
          .isZero();
    }
  }
}
