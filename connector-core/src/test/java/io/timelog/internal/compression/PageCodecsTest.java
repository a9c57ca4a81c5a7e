package io.timelog.internal.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.timelog.testing.RunCodec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageCodecsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "lz4", "zstd-3", "Deflate_1.2", "0"})
  void name_isOfLettersAndSuch(String name) {
    assertThatCode(() -> PageCodecs.requireName(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "lz4\n", "é", "a/b"})
  void otherNames_areRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PageCodecs.requireName(name))
        .withMessage(
            "The name of a codec must have 1 to 64 letters, digits, hyphens, underscores and dots:"
                + " name="
                + name);
  }

  @Test
  void longNames_areRefused() {
    assertThatCode(() -> PageCodecs.requireName("a".repeat(64))).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> PageCodecs.requireName("a".repeat(65)));
  }

  @Test
  void ofSeveralWithOneName_theFirstCounts() {
    RunCodec one = new RunCodec("runs");
    RunCodec two = new RunCodec("runs");
    PageCodecs codecs = new PageCodecs(one, List.of(two, new RunCodec("more")));

    assertThat(codecs.named("runs", "f@0")).isSameAs(one);
    assertThat(codecs.writing()).isSameAs(one);
    assertThat(codecs).hasToString("PageCodecs[writing=runs, given=[more, runs]]");
    assertThat(PageCodecs.NONE).hasToString("PageCodecs[writing=none, given=[]]");
  }
}
