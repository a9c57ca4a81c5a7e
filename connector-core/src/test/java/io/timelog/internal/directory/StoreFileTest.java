package io.timelog.internal.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.internal.directory.StoreFile.Kind;
import org.junit.jupiter.api.Test;

final class StoreFileTest {
  @Test
  void name_tellsKindAndNumber_andIsReadBack() {
    assertThat(new StoreFile(Kind.MANIFEST, 1).name()).isEqualTo("MANIFEST-0000000000000001");
    assertThat(new StoreFile(Kind.NEW_MANIFEST, 0xABC).name())
        .isEqualTo("MANIFEST-0000000000000abc.tmp");
    assertThat(new StoreFile(Kind.SEGMENTS, 16).name()).isEqualTo("0000000000000010.seg");
    assertThat(new StoreFile(Kind.LOG, Long.MAX_VALUE).name()).isEqualTo("7fffffffffffffff.log");
    for (Kind kind : Kind.values()) {
      StoreFile file = new StoreFile(kind, 0xFEDCBAL);
      assertThat(StoreFile.parse(file.name())).isEqualTo(file);
    }
  }

  @Test
  void namesOfOthers_areNoNamesOfAStore() {
    for (String name :
        new String[] {
          "",
          "LOCK",
          "0000000000000010",
          "0000000000000010.seg.tmp",
          "000000000000001.seg",
          "00000000000000010.seg",
          "000000000000001G.seg",
          "000000000000001A.seg",
          "8000000000000000.seg",
          "MANIFEST-000000000000001",
          "MANIFEST-0000000000000001.seg",
          "manifest-0000000000000001"
        }) {
      assertThat(StoreFile.parse(name)).as(name).isNull();
    }
  }
}
