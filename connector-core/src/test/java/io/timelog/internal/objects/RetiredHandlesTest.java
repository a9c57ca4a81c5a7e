package io.timelog.internal.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetiredHandlesTest {
  private final RetiredHandles retired = new RetiredHandles();
  private final List<Long> freed = new ArrayList<>();

  @Test
  void withoutReads_aHandleIsReadyAtOnce() {
    retired.retire(10, 1);

    assertThat(drain()).containsExactly(1L);
    assertThat(retired.length()).isZero();
  }

  @Test
  void aReadThatIsOlder_holdsTheHandle() {
    RetiredHandles.Epoch read = retired.open();
    retired.retire(10, 1);

    assertThat(drain()).isEmpty();
    assertThat(retired.length()).isEqualTo(1);

    retired.close(read);
    assertThat(drain()).containsExactly(1L);
  }

  @Test
  void aReadThatIsYounger_holdsNothing() {
    retired.retire(10, 1);
    retired.open();

    assertThat(drain()).containsExactly(1L);
  }

  @Test
  void readsThatOverlapForever_doNotStarveOlderHandles() {
    RetiredHandles.Epoch first = retired.open();
    retired.retire(10, 1);
    RetiredHandles.Epoch second = retired.open();
    retired.retire(20, 2);
    retired.close(first);
    RetiredHandles.Epoch third = retired.open();

    assertThat(drain()).containsExactly(1L);

    retired.close(second);
    assertThat(drain()).containsExactly(1L, 2L);
    retired.close(third);
  }

  @Test
  void theOldestRead_decidesWhateverOrderReadsCloseIn() {
    RetiredHandles.Epoch first = retired.open();
    retired.retire(10, 1);
    RetiredHandles.Epoch second = retired.open();
    retired.retire(20, 2);
    retired.close(second);

    assertThat(drain()).isEmpty();

    retired.close(first);
    assertThat(drain()).containsExactly(1L, 2L);
  }

  @Test
  void readsOfOneEpoch_areCounted() {
    RetiredHandles.Epoch first = retired.open();
    RetiredHandles.Epoch second = retired.open();
    retired.retire(10, 1);
    retired.close(first);

    assertThat(drain()).isEmpty();

    retired.close(second);
    assertThat(drain()).containsExactly(1L);
  }

  @Test
  void drain_stopsAtItsLimit() {
    for (long handle = 0; handle < 10; handle++) {
      retired.retire(10, handle);
    }

    retired.drain(3, (timestamp, handle) -> freed.add(handle));

    assertThat(freed).containsExactly(0L, 1L, 2L);
    assertThat(retired.length()).isEqualTo(7);
  }

  @Test
  void manyHandles_keepTheirOrderAndTimestamps() {
    List<Long> timestamps = new ArrayList<>();
    for (long handle = 0; handle < 1_000; handle++) {
      retired.retire(10 * handle, handle);
      if (handle % 3 == 0) {
        retired.drain(
            2,
            (timestamp, drained) -> {
              timestamps.add(timestamp);
              freed.add(drained);
            });
      }
    }
    drain();

    assertThat(freed).hasSize(1_000).isSorted();
    assertThat(timestamps).isSorted();
  }

  @Test
  void drainFromInsideASink_doesNothing() {
    retired.retire(10, 1);
    retired.retire(20, 2);

    retired.drain(
        1,
        (timestamp, handle) -> {
          freed.add(handle);
          drain();
        });

    assertThat(freed).containsExactly(1L);
  }

  @Test
  void isIdle_whenNothingIsOpenAndNothingWaits() {
    assertThat(retired.isIdle()).isTrue();

    RetiredHandles.Epoch read = retired.open();
    assertThat(retired.isIdle()).isFalse();
    retired.retire(10, 1);
    retired.close(read);
    assertThat(retired.isIdle()).isFalse();

    drain();
    assertThat(retired.isIdle()).isTrue();
  }

  private List<Long> drain() {
    retired.drain(Integer.MAX_VALUE, (timestamp, handle) -> freed.add(handle));
    return freed;
  }
}
