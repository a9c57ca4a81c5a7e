package io.timelog.durability;

import io.timelog.internal.directory.ManifestNames;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.DirectoryLock;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * A disk on which manifests take the place of others in a way that is not sound, so that it must be
 * found out.
 */
final class UnsoundDisk implements Disk {
  private static final String TEMPORARY = ".tmp";

  /** What is not sound. */
  enum Fault {
    /** Manifests are written under the name that they are found by. */
    MANIFEST_IN_PLACE,
    /** What a manifest does not name is deleted before it has its name. */
    DELETE_BEFORE_RENAME
  }

  private final Disk disk;
  private final Fault fault;

  UnsoundDisk(Disk disk, Fault fault) {
    this.disk = disk;
    this.fault = fault;
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
    if (!name.endsWith(TEMPORARY)) {
      return disk.create(name);
    }
    return fault == Fault.MANIFEST_IN_PLACE
        ? disk.create(withoutEnding(name))
        : new HastyManifest(disk.create(name));
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.length() - TEMPORARY.length());
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return disk.open(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (fault != Fault.MANIFEST_IN_PLACE) {
      disk.rename(from, to);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    if (disk.list().contains(name)) {
      disk.delete(name);
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    disk.syncDirectory();
  }

  @Override
  public DirectoryLock lock(String holder) throws IOException {
    return disk.lock(holder);
  }

  private final class HastyManifest implements AppendFile {
    private final AppendFile file;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    HastyManifest(AppendFile file) {
      this.file = file;
    }

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
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      written.write(copy);
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      file.force();
      Set<String> named = ManifestNames.of(written.toByteArray());
      for (String name : disk.list()) {
        if (!named.contains(name) && !name.equals(name())) {
          disk.delete(name);
        }
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
