package io.timelog.flink.internal.checkpoint;

import io.timelog.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files in a directory of this machine, see {@link LocalCopies}. */
final class CopiedFiles implements SnapshotFiles {
  private final Path directory;

  CopiedFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public String place(String file) {
    return "path=" + directory.resolve(file);
  }

  @Override
  public ReadableFile open(String name) throws IOException {
    Path path = directory.resolve(name);
    return new Copy(path, FileChannel.open(path, StandardOpenOption.READ));
  }

  @Override
  public void close() {
    // The engine closes what it opens.
  }

  private record Copy(Path path, FileChannel channel) implements ReadableFile {
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
