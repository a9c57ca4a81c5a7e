package io.timelog.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.CommitLog;
import io.timelog.MemoryBudget;
import io.timelog.MemoryClaim;
import io.timelog.StoresOnDisks;
import io.timelog.TimelogStore;
import io.timelog.internal.engine.Unwatched;
import io.timelog.internal.storage.disk.CrashStates;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.RecordingDisk;
import io.timelog.testing.DeflateCodec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store that has hardly any memory, so that what it flushes goes to files at once, commits as any
 * other: whenever it crashes, there is the last commit that returned, or the one under way.
 */
final class SpilledStoreCrashTest {
  private static final int COMMITS = 3;
  private static final int STEPS = 25;

  private final RecordingDisk disk = new RecordingDisk();
  private final RecordedCommits commits = new RecordedCommits(disk, List.of(Contents.EMPTY));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void everyCrash_leavesACommit(long seed) {
    live(seed);
    assertThat(spilledBeforeACommit()).isPositive();

    CrashStates states = new CrashStates(512, 6, seed);
    states.forEach(
        disk,
        crash -> {
          try (TimelogStore store =
              StoresOnDisks.open(crash.disk(), settings(seed), Unwatched.observers())) {
            assertThat(commits.lawful(crash.marks())).as("%s", crash).contains(Contents.of(store));
          }
        });
    assertThat(states.distinct()).isGreaterThan(50);
  }

  /** Those of an even seed compress. */
  private static TimelogStore.Builder settings(long seed) {
    TimelogStore.Builder settings = StoreScript.settings(CommitLog.NONE);
    return seed % 2 == 0 ? settings.compression(new DeflateCodec()) : settings;
  }

  /** What was spilled before the first commit is not durable until that names it. */
  @Test
  void commitThatForgetsToForce_whatWasSpilledWithout_isFoundOut() {
    live(4, new DiskWithoutLateForces(disk));
    assertThat(spilledBeforeACommit()).isPositive();

    List<String> violations = new ArrayList<>();
    new CrashStates(512, 6, 4)
        .forEach(
            disk,
            crash -> {
              String violation =
                  RecordedLife.violationAtOnce(
                      crash.disk(), CommitLog.NONE, commits.lawful(crash.marks()));
              if (violation != null) {
                violations.add(violation);
              }
            });
    assertThat(violations).isNotEmpty();
  }

  /** Does not force what was closed before, and says that it did. */
  private static final class DiskWithoutLateForces extends ForwardingDisk {
    DiskWithoutLateForces(Disk disk) {
      super(disk);
    }

    @Override
    public void force(String name) {}
  }

  private void live(long seed) {
    live(seed, disk);
  }

  private void live(long seed, Disk on) {
    MemoryBudget budget = MemoryBudget.ofBytes(16 << 20);
    try (TimelogStore store =
            StoresOnDisks.open(on, settings(seed).memoryBudget(budget), Unwatched.observers());
        MemoryClaim others = budget.claim()) {
      StoreScript.openTables(store);
      // What new entries may have is little, so memory is short.
      others.grow(budget.availableBytes() - (3 << 20));
      StoreScript script = new StoreScript(seed);
      for (int commit = 1; commit <= COMMITS; commit++) {
        for (int step = 0; step < STEPS; step++) {
          script.step(store);
        }
        store.flush();
        String token = "commit " + commit;
        commits.called(Contents.of(store, token));
        store.commit(token.getBytes(UTF_8));
        commits.returned();
      }
      script.step(store);
    }
  }

  /** How many files of segments were made while no commit was under way. */
  private long spilledBeforeACommit() {
    long spilled = 0;
    boolean committing = false;
    for (RecordingDisk.Operation operation : disk.operations()) {
      if (operation instanceof RecordingDisk.Mark mark) {
        committing = RecordedCommits.isCall(mark.what());
      } else if (!committing
          && operation instanceof RecordingDisk.Create create
          && create.name().endsWith(".seg")) {
        spilled++;
      }
    }
    return spilled;
  }
}
