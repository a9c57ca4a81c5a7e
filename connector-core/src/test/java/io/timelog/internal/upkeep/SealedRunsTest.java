package io.timelog.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memory.BufferPool;
import io.timelog.internal.memory.MemoryAccount;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SealedRunsTest {
  private final HandMadeTable table =
      new HandMadeTable("t", new MemoryAccount(new BufferPool(1 << 20)));
  private final AtomicLong largest = new AtomicLong();
  private final SealedRuns runs = new SealedRuns(largest::set);
  private final SealedRun.Part one = part(0);
  private final SealedRun.Part two = part(100);
  private final SealedRun.Part three = part(200);

  @AfterEach
  void free() {
    table.close();
  }

  private SealedRun.Part part(long timestamp) {
    table.put(1, timestamp, 10);
    return table.seal(timestamp);
  }

  @Test
  void runs_waitInTheOrderInWhichTheyCame() {
    SealedRun older = new SealedRun(List.of(one, two));
    SealedRun newer = new SealedRun(List.of(three));
    runs.add(older);
    runs.add(newer);

    assertThat(runs.oldest()).isEqualTo(older);
    assertThat(runs.parts()).containsExactly(one, two, three);
    runs.removeOldest();

    assertThat(runs.oldest()).isEqualTo(newer);
    assertThat(runs.count()).isOne();
  }

  @Test
  void whatTheLargestNeeds_isToldWheneverRunsComeAndGo() {
    table.put(2, 300, 50_000);
    SealedRun.Part large = table.seal(300);
    runs.add(new SealedRun(List.of(one, large)));
    assertThat(largest).hasValue(large.source().bytesInSegments()).hasValueGreaterThan(50_000);
    runs.add(new SealedRun(List.of(two)));

    runs.remove(large);
    assertThat(largest).hasValue(one.source().bytesInSegments());
    runs.removeAll(List.of(one));
    assertThat(largest).hasValue(two.source().bytesInSegments());
    runs.removeOldest();

    assertThat(largest).hasValue(0);
  }

  @Test
  void runWithoutParts_doesNotWait() {
    runs.add(new SealedRun(List.of()));

    assertThat(runs.count()).isZero();
    assertThat(runs.oldest()).isNull();
  }

  @Test
  void partThatWasFlushedAlone_leavesItsRunInItsPlace() {
    runs.add(new SealedRun(List.of(one, two)));
    runs.add(new SealedRun(List.of(three)));

    assertThat(runs.remove(one)).isFalse();

    assertThat(runs.parts()).containsExactly(two, three);
    assertThat(runs.count()).isEqualTo(2);
  }

  @Test
  void lastPartOfARun_endsIt() {
    runs.add(new SealedRun(List.of(one)));
    runs.add(new SealedRun(List.of(two)));

    assertThat(runs.remove(two)).isTrue();

    assertThat(runs.parts()).containsExactly(one);
    assertThat(runs.count()).isOne();
  }

  @Test
  void allRuns_canBeForgotten() {
    runs.add(new SealedRun(List.of(one)));

    runs.clear();

    assertThat(runs.count()).isZero();
    assertThat(runs.parts()).isEmpty();
  }

  @Test
  void partsOfSeveralRuns_areRemovedTogether() {
    runs.add(new SealedRun(List.of(one, two)));
    runs.add(new SealedRun(List.of(three)));

    runs.removeAll(List.of(three, one));

    assertThat(runs.count()).isEqualTo(1);
    assertThat(runs.parts()).containsExactly(two);
  }
}
