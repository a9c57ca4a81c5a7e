package io.timelog.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.memtable.WriteMoment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ReaderEpochsTest {
  private final ReaderEpochs epochs = new ReaderEpochs(0, () -> {});
  private final WriteMoment moment = new WriteMoment();

  @Test
  void withoutReaders_theVersionStandsStill() {
    ReaderEpoch before = epochs.present();

    assertThat(epochs.haveReaders()).isFalse();
    epochs.note(moment);

    assertThat(epochs.present()).isSameAs(before);
    assertThat(moment.version()).isZero();
    assertThat(moment.newestReader()).isEqualTo(WriteMoment.NO_NEWEST);
    assertThat(moment.oldestReader()).isEqualTo(WriteMoment.NO_OLDEST);
  }

  @Test
  void readerOfThePresent_endsItsVersion_once() {
    arrive();

    assertThat(epochs.haveReaders()).isTrue();
    epochs.note(moment);
    epochs.note(moment);

    assertThat(moment.version()).isOne();
    assertThat(moment.newestReader()).isZero();
    assertThat(moment.oldestReader()).isZero();
  }

  @Test
  void readerThatLeaves_isForgottenByTheNextWrite() {
    ReaderEpoch reader = arrive();
    epochs.note(moment);
    reader.leave();
    assertThat(epochs.haveReaders()).isTrue();

    epochs.note(moment);

    assertThat(epochs.haveReaders()).isFalse();
    assertThat(moment.newestReader()).isEqualTo(WriteMoment.NO_NEWEST);
    assertThat(moment.version()).isOne();
  }

  @Test
  void oldestReaderThatLeaves_leavesTheNextOldest() {
    ReaderEpoch oldest = arrive();
    epochs.note(moment);
    ReaderEpoch next = arrive();
    epochs.note(moment);

    oldest.leave();
    epochs.note(moment);

    assertThat(moment.oldestReader()).isOne();
    assertThat(moment.newestReader()).isOne();
    next.leave();
  }

  @Test
  void report_isHeldLikeAReader() {
    ReaderEpoch ended = epochs.end(moment);
    epochs.hold(ended, moment);

    assertThat(moment.version()).isOne();
    assertThat(moment.oldestReader()).isZero();
    assertThat(epochs.openReaders()).isOne();
  }

  @Test
  void ageOfTheOldestReader_isThatOfTheEndOfItsVersion() {
    ReaderEpoch reader = arrive();
    assertThat(epochs.oldestAgeNanos()).isZero();

    epochs.note(moment);
    assertThat(epochs.oldestAgeNanos()).isPositive();

    reader.leave();
    assertThat(epochs.oldestAgeNanos()).isZero();
  }

  @Test
  void readerJoinsAnEpoch_asLongAsItHasOne() {
    ReaderEpoch reader = arrive();

    assertThat(reader.tryJoin()).isTrue();
    reader.leave();
    reader.leave();
    assertThat(reader.tryJoin()).isFalse();
    assertThat(reader.readers()).isZero();
  }

  /** One reader stays open behind many that come and go. */
  @Test
  void epochsBetweenReadOnes_areForgotten() {
    ReaderEpoch forgotten = arrive();
    epochs.note(moment);
    for (int i = 0; i < 10_000; i++) {
      ReaderEpoch passing = arrive();
      epochs.note(moment);
      passing.leave();
    }
    epochs.note(moment);

    int linked = 0;
    for (ReaderEpoch epoch = forgotten; epoch != null; epoch = epoch.next()) {
      linked++;
    }
    assertThat(linked).isLessThan(100);
    assertThat(epochs.openReaders()).isOne();
    assertThat(moment.oldestReader()).isZero();
  }

  @Test
  void readersThatComeAndGoInAnyOrder_areKnownByTheirVersions() {
    SplittableRandom random = new SplittableRandom(1);
    List<ReaderEpoch> open = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (open.size() < 20 && random.nextInt(3) > 0) {
        open.add(arrive());
      } else if (!open.isEmpty()) {
        open.remove(random.nextInt(open.size())).leave();
      }
      if (random.nextInt(2) == 0) {
        epochs.note(moment);
        assertThat(moment.oldestReader())
            .isEqualTo(
                open.stream().mapToLong(ReaderEpoch::version).min().orElse(WriteMoment.NO_OLDEST));
        assertThat(moment.newestReader())
            .isGreaterThanOrEqualTo(
                open.stream().mapToLong(ReaderEpoch::version).max().orElse(WriteMoment.NO_NEWEST))
            .isLessThan(moment.version());
      }
      assertThat(epochs.openReaders()).isEqualTo(open.size());
    }
  }

  private ReaderEpoch arrive() {
    ReaderEpoch epoch = epochs.present();
    epoch.arrive();
    return epoch;
  }
}
