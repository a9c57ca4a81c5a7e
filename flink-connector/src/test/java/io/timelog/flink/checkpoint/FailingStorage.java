package io.timelog.flink.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.StreamStateHandle;

/** A storage of checkpoints in which one operation goes wrong: a creation, write or close. */
final class FailingStorage implements CheckpointStreamFactory {
  private final CheckpointStreamFactory storage;
  private final AtomicInteger left;
  private final Failure failure;

  /** What happens in the place of the operation. */
  @FunctionalInterface
  interface Failure {
    void happen() throws IOException;
  }

  /**
   * Fails once.
   *
   * @param operation which operation fails, counted from 1
   */
  FailingStorage(CheckpointStreamFactory storage, int operation, Failure failure) {
    this.storage = storage;
    this.left = new AtomicInteger(operation);
    this.failure = failure;
  }

  /** Whether the operation was reached. */
  boolean hasFailed() {
    return left.get() <= 0;
  }

  private void operation() throws IOException {
    if (left.decrementAndGet() == 0) {
      failure.happen();
    }
  }

  @Override
  public CheckpointStateOutputStream createCheckpointStateOutputStream(CheckpointedStateScope scope)
      throws IOException {
    operation();
    return new Stream(storage.createCheckpointStateOutputStream(scope));
  }

  @Override
  public boolean canFastDuplicate(StreamStateHandle handle, CheckpointedStateScope scope) {
    return false;
  }

  @Override
  public List<StreamStateHandle> duplicate(
      List<StreamStateHandle> handles, CheckpointedStateScope scope) {
    throw new AssertionError("duplicated");
  }

  private final class Stream extends CheckpointStateOutputStream {
    private final CheckpointStateOutputStream stream;

    Stream(CheckpointStateOutputStream stream) {
      this.stream = stream;
    }

    @Override
    public StreamStateHandle closeAndGetHandle() throws IOException {
      operation();
      return stream.closeAndGetHandle();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void sync() throws IOException {
      stream.sync();
    }

    @Override
    public void write(int b) throws IOException {
      operation();
      stream.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      operation();
      stream.write(bytes, offset, length);
    }
  }
}
