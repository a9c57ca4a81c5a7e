package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** As {@link ForwardingDisk}, a file that is written. */
public abstract class ForwardingAppendFile implements AppendFile {
  private final AppendFile file;

  /** Asks this file. */
  protected ForwardingAppendFile(AppendFile file) {
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
    file.write(bytes);
  }

  @Override
  public void force() throws IOException {
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
