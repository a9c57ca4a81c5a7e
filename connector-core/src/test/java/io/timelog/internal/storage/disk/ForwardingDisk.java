package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.util.List;

/** A disk that asks another one for everything, until a subclass does some of it otherwise. */
public abstract class ForwardingDisk implements Disk {
  private final Disk disk;

  /** Asks this disk. */
  protected ForwardingDisk(Disk disk) {
    this.disk = disk;
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
    return disk.open(name);
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
  public void force(String name) throws IOException {
    disk.force(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    disk.syncDirectory();
  }

  @Override
  public DirectoryLock lock(String holder) throws IOException {
    return disk.lock(holder);
  }
}
