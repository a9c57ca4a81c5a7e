package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SpanTest {
  private static final byte[] BYTES = {1, 2, 3, 4, 5};

  @Test
  void span_pointsAtAPartOfItsArray() {
    Span span = Span.of(BYTES, 1, 3);

    assertThat(span.bytes()).isSameAs(BYTES);
    assertThat(span.offset()).isEqualTo(1);
    assertThat(span.length()).isEqualTo(3);
    assertThat(span.toByteArray()).containsExactly(2, 3, 4);
    assertThat(span).hasToString("Span[offset=1, length=3]");
  }

  @Test
  void partThatDoesNotLieInTheArray_isRefused_andTheSpanUnchanged() {
    Span span = Span.of(BYTES, 1, 3);

    assertThatThrownBy(() -> span.set(BYTES, 3, 3)).isInstanceOf(IndexOutOfBoundsException.class);

    assertThat(span.toByteArray()).containsExactly(2, 3, 4);
  }

  @Test
  void spans_compareByContent_whereAsked() {
    Span span = Span.of(BYTES, 1, 3);

    assertThat(span.contentEquals(Span.of(new byte[] {2, 3, 4}))).isTrue();
    assertThat(span.contentEquals(Span.of(new byte[] {2, 3}))).isFalse();
    assertThat(new Span().isEmpty()).isTrue();
    assertThat(new Span().set(span).clear().isEmpty()).isTrue();
  }

  @Test
  void target_growsAndKeepsItsArray() {
    ByteTarget target = new ByteTarget(4);
    byte[] array = target.bytes();

    target.append(BYTES, 0, 2).append((byte) 9).append(Span.of(BYTES, 4, 1));
    assertThat(target.bytes()).isSameAs(array);
    assertThat(target.toByteArray()).containsExactly(1, 2, 9, 5);

    target.clear().appendLong(0x0102030405060708L);
    assertThat(target.toByteArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(new Span().set(target).getLong(0)).isEqualTo(0x0102030405060708L);
    assertThatThrownBy(() -> new Span().set(target).getLong(1))
        .isInstanceOf(IndexOutOfBoundsException.class);

    target.set(ByteBuffer.wrap(BYTES), 2, 2);
    assertThat(target.toByteArray()).containsExactly(3, 4);
    assertThat(target.resize(1).toByteArray()).containsExactly(3);
  }

  @Test
  void targetOfNegativeSize_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ByteTarget(-1))
        .withMessage("A capacity must not be negative: capacity=-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ByteTarget().resize(-1))
        .withMessage("A length must not be negative: length=-1");
  }
}
