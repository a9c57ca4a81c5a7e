package io.timelog.benchmarks.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What this process has written since it began, of native libraries too, by the account that Linux
 * keeps in {@code /proc/self/io}; zeros on other systems.
 *
 * @param handedOverBytes to the operating system ({@code wchar}), to files and pipes
 * @param deviceBytes for which the device was or will be asked ({@code write_bytes}), less those
 *     whose file was deleted before ({@code cancelled_write_bytes}); whole pages
 */
public record FileWrites(long handedOverBytes, long deviceBytes) {
  private static final Path ACCOUNT = Path.of("/proc/self/io");

  /** At this moment. */
  public static FileWrites now() {
    try {
      List<String> lines = Files.readAllLines(ACCOUNT);
      return new FileWrites(
          figure(lines, "wchar: "),
          figure(lines, "write_bytes: ") - figure(lines, "cancelled_write_bytes: "));
    } catch (NoSuchFileException e) {
      return new FileWrites(0, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("The account of what was written cannot be read", e);
    }
  }

  /** What was written since an earlier moment. */
  public FileWrites since(FileWrites earlier) {
    return new FileWrites(
        handedOverBytes - earlier.handedOverBytes, deviceBytes - earlier.deviceBytes);
  }

  private static long figure(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length())))
        .sum();
  }
}
