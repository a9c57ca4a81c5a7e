package io.timelog.internal.tombstone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TombstonesTest {
  @Test
  void bothBounds_areHidden() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(10, 20, 1));

    assertThat(deletes.hides(9, 0)).isFalse();
    assertThat(deletes.hides(10, 0)).isTrue();
    assertThat(deletes.hides(20, 0)).isTrue();
    assertThat(deletes.hides(21, 0)).isFalse();
  }

  @Test
  void theWholeOfTime_canBeHidden() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(Long.MIN_VALUE, Long.MAX_VALUE, 1));

    assertThat(deletes.hides(Long.MIN_VALUE, 1)).isTrue();
    assertThat(deletes.hides(Long.MAX_VALUE, 1)).isTrue();
    assertThat(deletes.lastCovered()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void tombstone_hidesOnlySourcesThatAreNotYounger() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(10, 20, 5));

    assertThat(deletes.hides(15, 5)).isTrue();
    assertThat(deletes.hides(15, 6)).isFalse();
    assertThat(deletes.touch(0, 100, 5)).isTrue();
    assertThat(deletes.touch(0, 100, 6)).isFalse();
    assertThat(deletes.touch(21, 100, 5)).isFalse();
  }

  @Test
  void newerTombstone_cutsTheOneItOverlaps() {
    Tombstones deletes =
        Tombstones.NONE.with(new Tombstone(10, 30, 1)).with(new Tombstone(15, 20, 2));

    assertThat(deletes.list())
        .containsExactly(
            new Tombstone(10, 14, 1), new Tombstone(15, 20, 2), new Tombstone(21, 30, 1));
  }

  @Test
  void newerTombstone_replacesThoseItCovers() {
    Tombstones deletes =
        Tombstones.NONE
            .with(new Tombstone(10, 12, 1))
            .with(new Tombstone(14, 16, 2))
            .with(new Tombstone(0, 20, 3));

    assertThat(deletes.list()).containsExactly(new Tombstone(0, 20, 3));
  }

  @Test
  void neighboursOfOneVersion_areJoined() {
    Tombstones deletes =
        Tombstones.NONE.with(new Tombstone(10, 12, 1)).with(new Tombstone(13, 16, 1));

    assertThat(deletes.list()).containsExactly(new Tombstone(10, 16, 1));
  }

  @Test
  void neighboursThatMayBeAsNew_areJoined() {
    Tombstones deletes =
        Tombstones.NONE
            .with(new Tombstone(10, 12, 1))
            .with(new Tombstone(16, 30, 2))
            .with(new Tombstone(13, 20, 3), old -> old.version() == 2);

    assertThat(deletes.list()).containsExactly(new Tombstone(10, 12, 1), new Tombstone(13, 30, 3));
    assertThat(deletes.newestVersion()).isEqualTo(3);
  }

  @Test
  void neighboursOfDifferentVersions_stayApart() {
    Tombstones deletes =
        Tombstones.NONE.with(new Tombstone(10, 12, 1)).with(new Tombstone(13, 16, 2));

    assertThat(deletes.list()).containsExactly(new Tombstone(10, 12, 1), new Tombstone(13, 16, 2));
  }

  @Test
  void tombstonesThatAreKept_areTheSameObjectIfAllAre() {
    Tombstones deletes = Tombstones.NONE.with(new Tombstone(1, 2, 1)).with(new Tombstone(5, 6, 2));

    assertThat(deletes.keepIf(tombstone -> true)).isSameAs(deletes);
    assertThat(deletes.keepIf(tombstone -> tombstone.version() > 1).list())
        .containsExactly(new Tombstone(5, 6, 2));
    assertThat(deletes.newestVersion()).isEqualTo(2);
    assertThat(Tombstones.NONE.newestVersion()).isEqualTo(-1);
  }

  @Test
  void emptyTombstone_isRefused() {
    assertThatThrownBy(() -> new Tombstone(2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first=2, last=1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anySequenceOfDeletes_isCanonicalAndHidesWhatTheLastOfThemHides(long seed) {
    Random random = new Random(seed);
    long[] versionAt = new long[64];
    Arrays.fill(versionAt, -1);
    Tombstones deletes = Tombstones.NONE;
    for (long version = 0; version < 60; version++) {
      int first = random.nextInt(64);
      int last = first + random.nextInt(64 - first);
      deletes = deletes.with(new Tombstone(first, last, version / 2));
      Arrays.fill(versionAt, first, last + 1, version / 2);

      Tombstone before = null;
      for (Tombstone tombstone : deletes.list()) {
        if (before != null) {
          assertThat(tombstone.first()).isGreaterThan(before.last());
          assertThat(tombstone.first() == before.last() + 1)
              .as("%s and %s touch and have one version", before, tombstone)
              .isIn(false, tombstone.version() != before.version());
        }
        before = tombstone;
      }
      for (int time = 0; time < 64; time++) {
        assertThat(deletes.versionAt(time)).isEqualTo(versionAt[time]);
      }
    }
  }
}
