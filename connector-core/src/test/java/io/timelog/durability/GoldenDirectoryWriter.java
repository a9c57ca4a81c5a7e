package io.timelog.durability;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the archives of golden directories that have none. To be run when a constant was added to
 * {@link GoldenDirectory}, with the directory of the archives as its argument; the checksum is told
 * by {@code GoldenDirectoryTest}, which fails without it.
 */
final class GoldenDirectoryWriter {
  private GoldenDirectoryWriter() {}

  public static void main(String[] arguments) throws IOException {
    Path archives = Path.of(arguments[0]);
    for (GoldenDirectory golden : GoldenDirectory.values()) {
      Path archive = archives.resolve(golden.archive());
      // What was released once stays as it is.
      if (!Files.exists(archive)) {
        Path directory = Files.createTempDirectory("golden").resolve("store");
        golden.write(directory);
        pack(directory, archive);
      }
    }
  }

  private static void pack(Path directory, Path archive) throws IOException {
    try (Stream<Path> all = Files.list(directory);
        OutputStream out = Files.newOutputStream(archive, StandardOpenOption.CREATE_NEW);
        ZipOutputStream files = new ZipOutputStream(out)) {
      List<Path> kept = all.filter(GoldenDirectory::keeps).sorted().toList();
      for (Path file : kept) {
        ZipEntry entry = new ZipEntry(file.getFileName().toString());
        entry.setTime(0);
        files.putNextEntry(entry);
        Files.copy(file, files);
        files.closeEntry();
      }
    }
  }
}
