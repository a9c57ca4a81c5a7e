package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** As {@link ForwardingDisk}, a file that is read. */
public abstract class ForwardingPositionedFile implements PositionedFile {
  private final PositionedFile file;

  /** Asks this file. */
  protected ForwardingPositionedFile(PositionedFile file) {
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
    file.read(offset, target);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
