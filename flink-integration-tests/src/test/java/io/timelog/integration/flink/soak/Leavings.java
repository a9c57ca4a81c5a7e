package io.timelog.integration.flink.soak;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What jobs have left in this process and in their directory.
 *
 * @param heapBytes alive on the heap
 * @param directBytes of memory outside of it
 * @param openFiles below the directory; 0 where the system does not tell
 * @param files below the directory
 */
public record Leavings(long heapBytes, long directBytes, int openFiles, List<Path> files) {
  private static final Path OWN_HANDLES = Path.of("/proc/self/fd");

  /** As it is now, after what is dead on the heap has been collected. */
  public static Leavings in(Path directory) throws IOException {
    System.gc();
    return new Leavings(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        directMemory(),
        openFiles(directory),
        files(directory));
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static int openFiles(Path directory) throws IOException {
    if (!Files.isDirectory(OWN_HANDLES)) {
      return 0;
    }
    int count = 0;
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(OWN_HANDLES)) {
      for (Path handle : handles) {
        try {
          if (Files.readSymbolicLink(handle).startsWith(directory)) {
            count++;
          }
        } catch (NoSuchFileException closedMeanwhile) {
          // It is not one of those that stay open.
        }
      }
    }
    return count;
  }

  /** The files below a directory, of which some may go while they are looked for. */
  public static List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    addFiles(directory, files);
    return files;
  }

  private static void addFiles(Path directory, List<Path> files) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          addFiles(entry, files);
        } else {
          files.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException gone) {
      // Nobody waits for us to look at what is being deleted.
    }
  }

  @Override
  public String toString() {
    return "heap %d MB, direct %d MB, open files %d, files %d"
        .formatted(heapBytes >> 20, directBytes >> 20, openFiles, files.size());
  }
}
