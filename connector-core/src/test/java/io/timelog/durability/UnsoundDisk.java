package io.timelog.durability;

import io.timelog.internal.directory.ManifestNames;
import io.timelog.internal.storage.disk.AppendFile;
import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForwardingAppendFile;
import io.timelog.internal.storage.disk.ForwardingDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * A disk on which manifests take the place of others in a way that is not sound, so that it must be
 * found out.
 */
final class UnsoundDisk extends ForwardingDisk {
  private static final String TEMPORARY = ".tmp";

  /** What is not sound. */
  enum Fault {
    /** Manifests are written under the name that they are found by. */
    MANIFEST_IN_PLACE,
    /** What a manifest does not name is deleted before it has its name. */
    DELETE_BEFORE_RENAME
  }

  private final Fault fault;

  UnsoundDisk(Disk disk, Fault fault) {
    super(disk);
    this.fault = fault;
  }

  @Override
  public AppendFile create(String name) throws IOException {
    if (!name.endsWith(TEMPORARY)) {
      return super.create(name);
    }
    return fault == Fault.MANIFEST_IN_PLACE
        ? super.create(withoutEnding(name))
        : new HastyManifest(super.create(name));
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.length() - TEMPORARY.length());
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (fault != Fault.MANIFEST_IN_PLACE) {
      super.rename(from, to);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    if (super.list().contains(name)) {
      super.delete(name);
    }
  }

  private final class HastyManifest extends ForwardingAppendFile {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    HastyManifest(AppendFile file) {
      super(file);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      written.write(copy);
      super.write(bytes);
    }

    @Override
    public void force() throws IOException {
      super.force();
      Set<String> named = ManifestNames.of(written.toByteArray());
      for (String name : UnsoundDisk.super.list()) {
        if (!named.contains(name) && !name.equals(name())) {
          UnsoundDisk.super.delete(name);
        }
      }
    }
  }
}
