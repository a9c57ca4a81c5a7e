package io.timelog.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class FlinkVersionTest {
  @Test
  @Tag("oldest-flink")
  void tests_runOnTheFlinkThatTheBuildMeans() {
    assertThat(EnvironmentInformation.getVersion())
        .isEqualTo(System.getProperty("timelog.flink.version"));
  }
}
