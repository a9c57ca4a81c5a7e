package io.timelog.kafka.internal.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "KSTREAM-AGGREGATE-STATE-STORE-0000000003",
        "a.b_c-d",
        "x",
        "...",
        "..a",
        "a b",
        " ",
        "fenêtres"
      })
  void namesThatKafkaAccepts_areNamesOfStores(String name) {
    assertThat(StoreName.checked(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../windows", ".", "..", "a/b", "a\\b", "a\0"})
  void paths_areRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreName.checked(name))
        .withMessageContaining("store=" + name);
  }

  @Test
  void name_hasOneTo249Characters() {
    assertThat(StoreName.checked("n".repeat(249))).hasSize(249);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreName.checked("n".repeat(300)))
        .withMessageContaining("length=300");
    assertThatIllegalArgumentException().isThrownBy(() -> StoreName.checked(""));
  }
}
