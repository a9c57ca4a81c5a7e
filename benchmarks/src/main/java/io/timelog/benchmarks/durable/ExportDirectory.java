package io.timelog.benchmarks.durable;

import io.timelog.ExportedFile;
import io.timelog.ReadableFile;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.TimelogStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An export of one store as files of a directory. */
final class ExportDirectory {
  private static final String METADATA = "metadata";

  private final Path directory;

  ExportDirectory(Path directory) {
    this.directory = directory;
  }

  /** Exports a store; the files are handed to the operating system, and are not forced. */
  void write(TimelogStore store) throws IOException {
    try (StoreExport export = store.beginExport()) {
      for (ExportedFile file : export.write()) {
        try (InputStream bytes = file.newInputStream()) {
          Files.copy(bytes, directory.resolve(file.name()));
        }
      }
      Files.write(directory.resolve(METADATA), export.metadata());
    }
  }

  /** Makes a store of the export, on the calling thread. */
  TimelogStore read(TimelogStore.Builder settings) throws IOException {
    return StoreImport.into(settings)
        .add(
            Files.readAllBytes(directory.resolve(METADATA)),
            name -> FileOfExport.open(directory.resolve(name)),
            0,
            Integer.MAX_VALUE)
        .finish();
  }

  private record FileOfExport(FileChannel channel) implements ReadableFile {
    static FileOfExport open(Path file) throws IOException {
      return new FileOfExport(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public long length() throws IOException {
      return channel.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      return channel.read(target, position);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
