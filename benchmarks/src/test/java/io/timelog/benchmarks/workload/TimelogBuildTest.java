package io.timelog.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimelogBuildTest {
  private static final String CORE = "io/timelog/TimelogStore.class";

  @TempDir private Path build;

  @Test
  void classPath_hasTheOtherCoreInThePlaceOfItsOwn() throws IOException {
    Path core = build.resolve("connector-core/target/classes");
    Files.createDirectories(core.resolve(CORE).getParent());
    Files.createFile(core.resolve(CORE));

    List<String> own = entries(TimelogBuild.ownClassPath());
    List<String> other = entries(TimelogBuild.classPathWith(build.toString()));

    assertThat(other).hasSameSizeAs(own).first().isEqualTo(core.toString());
    assertThat(own).doesNotContain(core.toString()).containsAll(other.subList(1, other.size()));
    assertThat(other.stream().filter(entry -> Files.exists(Path.of(entry, CORE))))
        .containsExactly(core.toString());
  }

  @Test
  void aBuildWithoutACoreIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimelogBuild.classPathWith(build.toString()))
        .withMessageContaining("build=" + build);
  }

  private static List<String> entries(String classPath) {
    return Arrays.asList(classPath.split(File.pathSeparator, -1));
  }
}
