package io.timelog.kafka.internal.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KeyShapesTest {
  private static final long NOW = 1_767_225_600_000L;

  private final KeyShapes shapes = new KeyShapes();

  @Test
  void keysOfOneLength_areNeverAmbiguous() {
    shapes.observe(new byte[] {0, 0, 0, 1}, NOW);
    shapes.observe(new byte[] {0, 0, 1, 0}, NOW);

    assertThat(shapes.areAmbiguous()).isFalse();
  }

  @Test
  void texts_areNeverAmbiguous() {
    shapes.observe("a".getBytes(UTF_8), NOW);
    shapes.observe("a longer text than eight bytes".getBytes(UTF_8), NOW);
    shapes.observe("été".getBytes(UTF_8), NOW);

    assertThat(shapes.areAmbiguous()).isFalse();
  }

  @Test
  void keysOfSeveralLengths_withAZeroByte_areAmbiguous() {
    shapes.observe(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0}, NOW);
    assertThat(shapes.areAmbiguous()).isFalse();
    shapes.observe(new byte[] {1}, NOW);

    assertThat(shapes.areAmbiguous()).isTrue();
  }

  @Test
  void timesOfAFarFuture_makeAllKeysOfSeveralLengthsAmbiguous() {
    shapes.observe(new byte[] {1}, 1L << 56);
    shapes.observe(new byte[] {1, 1}, NOW);

    assertThat(shapes.areAmbiguous()).isTrue();
  }
}
