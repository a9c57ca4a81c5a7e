package io.timelog.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.benchmarks.picture.Palette;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClaimPictureTest {
  private static final Path RESULTS = Path.of("results");
  private static final Path IMAGES = Path.of("../docs/images");

  @TempDir private Path images;

  @ParameterizedTest
  @EnumSource
  void theCommittedPicture_isWhatTheResultsRenderTo(Palette palette) throws IOException {
    ClaimPicture.of(RESULTS).writeTo(images);

    assertThat(Files.readString(ClaimPicture.fileOf(IMAGES, palette)))
        .as("run java -jar benchmarks/target/benchmarks.jar render, look at it, and commit it")
        .isEqualTo(Files.readString(ClaimPicture.fileOf(images, palette)));
  }
}
