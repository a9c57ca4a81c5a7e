package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk of which one call fails, in one of the ways in which file systems fail. What a test does
 * is repeated with every number of the call, until there is no such call any more.
 */
public final class FailingDisk implements Disk {

  /** What a disk is asked for. */
  public enum Call {
    LIST,
    LENGTH,
    CREATE,
    OPEN,
    READ,
    WRITE,
    FORCE,
    RENAME,
    DELETE,
    SYNC_DIRECTORY,
    LOCK
  }

  /** How a call fails. */
  public enum Fault {
    /** The disk is full: half of the bytes are written. */
    NO_SPACE("No space left on device"),
    /** The medium fails: nothing is done. */
    IO_ERROR("Input/output error"),
    /** All bytes but the last are written. */
    SHORT_WRITE("File too large"),
    /** What was written may not be on the medium. */
    FAILED_FORCE("Input/output error");

    private final String message;

    Fault(String message) {
      this.message = message;
    }

    private boolean concerns(Call call) {
      return switch (this) {
        case NO_SPACE -> call == Call.CREATE || call == Call.WRITE;
        case IO_ERROR -> true;
        case SHORT_WRITE -> call == Call.WRITE;
        case FAILED_FORCE -> call == Call.FORCE || call == Call.SYNC_DIRECTORY;
      };
    }

    /** How many of {@code length} bytes are written all the same. */
    private int written(int length) {
      return switch (this) {
        case NO_SPACE -> length / 2;
        case SHORT_WRITE -> Math.max(0, length - 1);
        case IO_ERROR, FAILED_FORCE -> 0;
      };
    }
  }

  private final Disk disk;
  private final Fault fault;
  private final int failingCall;
  private int calls;

  /** Fails the {@code failingCall}-th of the calls that a fault can have, from 1 on. */
  public FailingDisk(Disk disk, Fault fault, int failingCall) {
    this.disk = disk;
    this.fault = fault;
    this.failingCall = failingCall;
  }

  /** Whether the call came. */
  public synchronized boolean hasFailed() {
    return calls >= failingCall;
  }

  private synchronized boolean fails(Call call) {
    return fault.concerns(call) && ++calls == failingCall;
  }

  private void enter(Call call) throws IOException {
    if (fails(call)) {
      throw failure(call);
    }
  }

  private IOException failure(Call call) {
    return new IOException(fault.message + ": call=" + call);
  }

  @Override
  public List<String> list() throws IOException {
    enter(Call.LIST);
    return disk.list();
  }

  @Override
  public long length(String name) throws IOException {
    enter(Call.LENGTH);
    return disk.length(name);
  }

  @Override
  public AppendFile create(String name) throws IOException {
    enter(Call.CREATE);
    return new FailingAppendFile(disk.create(name));
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    enter(Call.OPEN);
    return new FailingPositionedFile(disk.open(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    enter(Call.RENAME);
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    enter(Call.DELETE);
    disk.delete(name);
  }

  @Override
  public void force(String name) throws IOException {
    enter(Call.FORCE);
    disk.force(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    enter(Call.SYNC_DIRECTORY);
    disk.syncDirectory();
  }

  @Override
  public DirectoryLock lock(String holder) throws IOException {
    enter(Call.LOCK);
    return disk.lock(holder);
  }

  private final class FailingAppendFile extends ForwardingAppendFile {
    private volatile boolean failed;

    FailingAppendFile(AppendFile file) {
      super(file);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      requireSound();
      if (fails(Call.WRITE)) {
        failed = true;
        ByteBuffer written = bytes.slice(bytes.position(), fault.written(bytes.remaining()));
        super.write(written);
        throw failure(Call.WRITE);
      }
      super.write(bytes);
    }

    @Override
    public void force() throws IOException {
      requireSound();
      if (fails(Call.FORCE)) {
        failed = true;
        throw failure(Call.FORCE);
      }
      super.force();
    }

    private void requireSound() throws IOException {
      if (failed) {
        throw new IOException("The file is not used any more after a failure: name=" + name());
      }
    }
  }

  private final class FailingPositionedFile extends ForwardingPositionedFile {
    FailingPositionedFile(PositionedFile file) {
      super(file);
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      enter(Call.READ);
      super.read(offset, target);
    }
  }
}
