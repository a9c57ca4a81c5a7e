package io.timelog.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWritesTest {
  @Test
  void whatIsWrittenToAFile_isInTheAccount(@TempDir Path directory) throws IOException {
    FileWrites before = FileWrites.now();
    assumeThat(before.handedOverBytes()).as("the system keeps an account").isPositive();

    Files.write(directory.resolve("file"), new byte[100_000]);

    assertThat(FileWrites.now().since(before).handedOverBytes()).isGreaterThanOrEqualTo(100_000);
  }
}
