package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk of which every failure is a {@link DiskException}. File systems often give a reason and do
 * not say which file it concerns.
 */
public final class ExplainingDisk implements Disk {
  private static final String DIRECTORY = "";

  private final Disk disk;

  /** Explains what another disk refuses. */
  public ExplainingDisk(Disk disk) {
    this.disk = disk;
  }

  /** Something that a disk is asked for, and what it returns. */
  private interface Call<T> {
    T run() throws IOException;
  }

  /** Something that a disk is asked for. */
  private interface Action {
    void run() throws IOException;
  }

  private static <T> T call(String file, String operation, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (IOException e) {
      throw new DiskException(file, operation, e);
    }
  }

  private static void act(String file, String operation, Action action) throws IOException {
    try {
      action.run();
    } catch (IOException e) {
      throw new DiskException(file, operation, e);
    }
  }

  @Override
  public List<String> list() throws IOException {
    return call(DIRECTORY, "list", disk::list);
  }

  @Override
  public long length(String name) throws IOException {
    return call(name, "measure", () -> disk.length(name));
  }

  @Override
  public AppendFile create(String name) throws IOException {
    return new ExplainingAppendFile(call(name, "create", () -> disk.create(name)));
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return new ExplainingPositionedFile(call(name, "open", () -> disk.open(name)));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    act(from, "rename", () -> disk.rename(from, to));
  }

  @Override
  public void delete(String name) throws IOException {
    act(name, "delete", () -> disk.delete(name));
  }

  @Override
  public void deleteIfPresent(String name) throws IOException {
    act(name, "delete", () -> disk.deleteIfPresent(name));
  }

  @Override
  public void force(String name) throws IOException {
    act(name, "sync", () -> disk.force(name));
  }

  @Override
  public boolean link(Path file, String name) throws IOException {
    return call(name, "link", () -> disk.link(file, name));
  }

  @Override
  public boolean linkTo(String name, Path target) throws IOException {
    return call(name, "link", () -> disk.linkTo(name, target));
  }

  @Override
  public void syncDirectory() throws IOException {
    act(DIRECTORY, "sync", disk::syncDirectory);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DirectoryLockedException as it is
   */
  @Override
  public DirectoryLock lock(String holder) throws IOException {
    try {
      return disk.lock(holder);
    } catch (DirectoryLockedException e) {
      throw e;
    } catch (IOException e) {
      throw new DiskException(LOCK, "lock", e);
    }
  }

  @Override
  public String toString() {
    return disk.toString();
  }

  private record ExplainingAppendFile(AppendFile file) implements AppendFile {
    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long position() {
      return file.position();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      act(name(), "write", () -> file.write(bytes));
    }

    @Override
    public void force() throws IOException {
      act(name(), "sync", file::force);
    }

    @Override
    public void close() throws IOException {
      act(name(), "close", file::close);
    }
  }

  private record ExplainingPositionedFile(PositionedFile file) implements PositionedFile {
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
      act(name(), "read", () -> file.read(offset, target));
    }

    @Override
    public void close() throws IOException {
      act(name(), "close", file::close);
    }
  }
}
