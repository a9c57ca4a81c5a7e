package io.timelog.durability;

import io.timelog.internal.storage.disk.Disk;
import io.timelog.internal.storage.disk.ForwardingDisk;
import io.timelog.internal.storage.disk.ForwardingPositionedFile;
import io.timelog.internal.storage.disk.PositionedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A disk that notes what is read, and fails to read when it is told to. */
final class ReadingDisk extends ForwardingDisk {
  /** What was read at once. */
  record Read(String file, long offset, int length) {}

  private final List<Read> reads = new ArrayList<>();
  private boolean failing;

  ReadingDisk(Disk disk) {
    super(disk);
  }

  /** What was read since the last call, or since the beginning. */
  synchronized List<Read> takeReads() {
    List<Read> taken = List.copyOf(reads);
    reads.clear();
    return taken;
  }

  /** Of the bytes of some reads, how many had been read by one of them before. */
  static long bytesReadAgain(List<Read> reads) {
    Map<String, BitSet> seen = new HashMap<>();
    long again = 0;
    for (Read read : reads) {
      BitSet ofFile = seen.computeIfAbsent(read.file(), name -> new BitSet());
      int from = Math.toIntExact(read.offset());
      int before = ofFile.cardinality();
      ofFile.set(from, from + read.length());
      again += read.length() - (ofFile.cardinality() - before);
    }
    return again;
  }

  /** Whether reads fail from now on. */
  synchronized void fail(boolean fails) {
    failing = fails;
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return new ForwardingPositionedFile(super.open(name)) {
      @Override
      public void read(long offset, ByteBuffer target) throws IOException {
        note(new Read(name, offset, target.remaining()));
        super.read(offset, target);
      }
    };
  }

  private synchronized void note(Read read) throws IOException {
    if (failing) {
      throw new IOException("Input/output error");
    }
    reads.add(read);
  }
}
