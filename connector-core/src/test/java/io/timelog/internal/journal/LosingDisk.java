package io.timelog.internal.journal;

import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.ForwardingPositionedFile;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk that reads zeros where it should have had bytes, as after a force that failed. */
public final class LosingDisk extends ForwardingDisk {
  private long lostFrom = Long.MAX_VALUE;

  /** Nothing is lost yet. */
  public LosingDisk(Disk disk) {
    super(disk);
  }

  /** From now on nothing is read of a file from an offset on. */
  public void losesEverythingFrom(long offset) {
    lostFrom = offset;
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return new LosingFile(super.open(name));
  }

  private final class LosingFile extends ForwardingPositionedFile {
    LosingFile(PositionedFile file) {
      super(file);
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      int start = target.position();
      super.read(offset, target);
      for (int i = start; i < target.position(); i++) {
        if (offset + i - start >= lostFrom) {
          target.put(i, (byte) 0);
        }
      }
    }
  }
}
