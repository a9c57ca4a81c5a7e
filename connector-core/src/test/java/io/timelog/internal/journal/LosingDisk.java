package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.DirectoryLock;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that reads zeros where it should have had bytes, as after a force that failed. */
final class LosingDisk implements Disk {
  private final Disk disk;
  private long lostFrom = Long.MAX_VALUE;

  LosingDisk(Disk disk) {
    this.disk = disk;
  }

  void losesEverythingFrom(long offset) {
    lostFrom = offset;
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public long length(String name) throws IOException {
    return disk.length(name);
  }

  @Override
  public AppendFile create(String name) throws IOException {
    return disk.create(name);
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return new LosingFile(disk.open(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    disk.syncDirectory();
  }

  @Override
  public DirectoryLock lock(String holder) throws IOException {
    return disk.lock(holder);
  }

  private final class LosingFile implements PositionedFile {
    private final PositionedFile file;

    LosingFile(PositionedFile file) {
      this.file = file;
    }

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long length() {
      return file.length();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      int start = target.position();
      file.read(offset, target);
      for (int i = start; i < target.position(); i++) {
        if (offset + i - start >= lostFrom) {
          target.put(i, (byte) 0);
        }
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
