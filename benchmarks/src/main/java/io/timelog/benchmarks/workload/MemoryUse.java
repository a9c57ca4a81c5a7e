package io.timelog.benchmarks.workload;

import io.timelog.benchmarks.engine.EngineKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Memory of this JVM at one moment, after garbage collection, or the growth between two moments.
 *
 * @param heapBytes live Java objects
 * @param directBytes direct buffers
 * @param residentBytes pages of the process in RAM; zero where the system does not tell. The heap
 *     is touched in full at the start, so that growth means memory outside of it
 * @param diskBytes files in the directory of the engine
 */
public record MemoryUse(long heapBytes, long directBytes, long residentBytes, long diskBytes) {
  /** Nothing. */
  public static final MemoryUse NONE = new MemoryUse(0, 0, 0, 0);

  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
  private static final int COLLECTIONS = 3;
  private static final long PAUSE_NANOS = 200_000_000;

  /** Collects garbage and weighs this JVM with the files below {@code directory}. */
  public static MemoryUse now(Path directory) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      // Direct buffers are freed by a thread of their own, some time after their collection.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return new MemoryUse(
        memory.getHeapMemoryUsage().getUsed(),
        NativeMemory.usedBytes(),
        residentNow(),
        lengthOfFiles(directory));
  }

  /** How much more this is than an earlier one. */
  public MemoryUse minus(MemoryUse earlier) {
    return new MemoryUse(
        heapBytes - earlier.heapBytes,
        directBytes - earlier.directBytes,
        residentBytes - earlier.residentBytes,
        diskBytes - earlier.diskBytes);
  }

  /**
   * The bytes that count for an engine of that kind; direct buffers are part of what is resident.
   */
  public long bytes(EngineKind.Memory kind) {
    return switch (kind) {
      case HEAP_AND_DIRECT -> heapBytes + directBytes;
      case RESIDENT_AND_DISK -> heapBytes + residentBytes + diskBytes;
    };
  }

  private static long residentNow() {
    try (Stream<String> lines = Files.lines(PROCESS_STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("The memory of this process cannot be read", e);
    }
  }

  /** The length of all files below a directory. */
  public static long lengthOfFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException e) {
      throw new UncheckedIOException("The files of the engine cannot be listed", e);
    }
  }
}
