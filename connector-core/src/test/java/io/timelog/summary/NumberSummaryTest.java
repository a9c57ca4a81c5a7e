package io.timelog.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Codec;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Summaries of longs and of doubles. */
final class NumberSummaryTest {
  private final Summarizer<Long, LongSummary> longs = LongSummary.of(value -> value);
  private final Summarizer<Double, DoubleSummary> doubles = DoubleSummary.of(value -> value);

  private LongSummary of(long... values) {
    LongSummary summary = longs.none();
    for (long value : values) {
      summary = longs.add(summary, 0, value);
    }
    return summary;
  }

  private DoubleSummary of(double... values) {
    DoubleSummary summary = doubles.none();
    for (double value : values) {
      summary = doubles.add(summary, 0, value);
    }
    return summary;
  }

  private static <A> A copied(Codec<A> codec, A summary) {
    ByteBuffer bytes = ByteBuffer.allocate(codec.size(summary));
    codec.write(summary, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    return codec.read(bytes.flip());
  }

  @Test
  void longs_areCountedAndAddedAndCompared() {
    LongSummary summary = of(5, -3, 10);

    assertThat(summary.count()).isEqualTo(3);
    assertThat(summary.sum()).isEqualTo(12);
    assertThat(summary.min()).hasValue(-3);
    assertThat(summary.max()).hasValue(10);
    assertThat(summary.average()).hasValue(4);
  }

  @Test
  void doubles_areCountedAndAddedAndCompared() {
    DoubleSummary summary = of(0.5, -2.5, 3);

    assertThat(summary.count()).isEqualTo(3);
    assertThat(summary.sum()).isEqualTo(1);
    assertThat(summary.min()).hasValue(-2.5);
    assertThat(summary.max()).hasValue(3);
    assertThat(summary.average()).hasValue(1 / 3.0);
  }

  @Test
  void noNumbers_haveNoSmallestAndNoLargest() {
    assertThat(longs.none().min()).isEmpty();
    assertThat(longs.none().max()).isEmpty();
    assertThat(longs.none().average()).isEmpty();
    assertThat(doubles.none().min()).isEmpty();
    assertThat(doubles.none().max()).isEmpty();
    assertThat(doubles.none().average()).isEmpty();
    assertThat(doubles.none().sum()).isZero();
  }

  @Test
  void merged_areThoseOfAllNumbers() {
    assertThat(longs.merge(of(1, 2), of(7, -7))).isEqualTo(of(1, 2, 7, -7));
    assertThat(longs.merge(longs.none(), of(3L))).isEqualTo(of(3L));
    assertThat(longs.merge(of(3L), longs.none())).isEqualTo(of(3L)).hasSameHashCodeAs(of(3L));
    assertThat(doubles.merge(of(1.5), of(7.5, -7.5))).isEqualTo(of(1.5, 7.5, -7.5));
    assertThat(doubles.merge(of(1.5), doubles.none()))
        .isEqualTo(of(1.5))
        .hasSameHashCodeAs(of(1.5));
  }

  @Test
  void summaries_comeBackFromTheirBytes() {
    assertThat(copied(longs.codec(), of(1, 2, -9))).isEqualTo(of(1, 2, -9));
    assertThat(copied(longs.codec(), longs.none())).isEqualTo(longs.none());
    assertThat(copied(doubles.codec(), of(1.25, -9.5))).isEqualTo(of(1.25, -9.5));
    assertThat(copied(doubles.codec(), doubles.none())).isEqualTo(doubles.none());
  }

  @Test
  void summaries_sayWhatTheyAre() {
    assertThat(of(4, 6)).hasToString("LongSummary[count=2, sum=10, min=4, max=6]");
    assertThat(longs.none()).hasToString("LongSummary[count=0]").isNotEqualTo(of(4L));
    assertThat(of(0.5)).hasToString("DoubleSummary[count=1, sum=0.5, min=0.5, max=0.5]");
    assertThat(doubles.none()).hasToString("DoubleSummary[count=0]").isNotEqualTo(of(4.0));
  }
}
