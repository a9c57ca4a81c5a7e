package io.timelog.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.ExportedFile;
import io.timelog.FileSource;
import io.timelog.ReadableFile;
import io.timelog.StoreExport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Files as an application keeps them: each uploaded once, found by name. */
final class Depot implements FileSource {
  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final AtomicLong uploaded = new AtomicLong();
  final AtomicLong bytesRead = new AtomicLong();
  final AtomicInteger open = new AtomicInteger();

  /** An export that was stored. */
  static final class Stored {
    private final byte[] metadata;
    private final List<String> files;

    Stored(byte[] metadata, List<String> files) {
      this.metadata = metadata;
      this.files = files;
    }

    byte[] metadata() {
      return metadata.clone();
    }

    /** The names of its files. */
    List<String> files() {
      return files;
    }
  }

  /** Writes an export and stores what is not stored yet. Equal names must have equal bytes. */
  Stored store(StoreExport export) {
    List<String> names = new ArrayList<>();
    for (ExportedFile file : export.write()) {
      names.add(file.name());
      byte[] bytes = bytesOf(file);
      assertThat(bytes).hasSize((int) file.length());
      byte[] before = files.putIfAbsent(file.name(), bytes);
      if (before == null) {
        uploaded.incrementAndGet();
      } else {
        assertThat(bytes).as(file.name()).isEqualTo(before);
      }
    }
    return new Stored(export.metadata(), names);
  }

  private static byte[] bytesOf(ExportedFile file) {
    try (InputStream in = file.newInputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ReadableFile open(String name) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IOException("no such file: " + name);
    }
    open.incrementAndGet();
    return new ReadableFile() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public int read(long position, ByteBuffer target) {
        if (position >= bytes.length) {
          return -1;
        }
        // Short reads, as a remote file has them.
        int size = (int) Math.min(Math.min(target.remaining(), 4096), bytes.length - position);
        target.put(bytes, (int) position, size);
        bytesRead.addAndGet(size);
        return size;
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }
}
