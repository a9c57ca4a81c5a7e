package io.timelog.integration.flink.soak;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * The files of this machine under the scheme {@value #SCHEME}, where writing takes time and fails
 * as often as a test says. For clusters in this process, one test at a time.
 */
public final class UnsteadyStorage extends FileSystem {
  public static final String SCHEME = "unsteady";

  /** One of so many writes fails; 0 for none. */
  private static volatile int failing;

  private static volatile Duration pause = Duration.ZERO;

  private final FileSystem files = LocalFileSystem.getSharedInstance();

  /** From now on one of so many writes fails. */
  public static void failOneOf(int writes) {
    failing = writes;
  }

  /** From now on each write takes longer by so much. */
  public static void slowDown(Duration each) {
    pause = each;
  }

  /** From now on it is as good as the files of this machine. */
  public static void calm() {
    failing = 0;
    pause = Duration.ZERO;
  }

  private static void disturb() throws IOException {
    int one = failing;
    if (one > 0 && ThreadLocalRandom.current().nextInt(one) == 0) {
      throw new IOException("A failure of the test.");
    }
    if (!pause.isZero()) {
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private static Path local(Path path) {
    return new Path("file", null, path.toUri().getPath());
  }

  private static Path unsteady(Path path) {
    return new Path(SCHEME, null, path.toUri().getPath());
  }

  @Override
  public Path getWorkingDirectory() {
    return unsteady(files.getWorkingDirectory());
  }

  @Override
  public Path getHomeDirectory() {
    return unsteady(files.getHomeDirectory());
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    return new Status(files.getFileStatus(local(path)));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus[] found = files.listStatus(local(path));
    if (found == null) {
      return new FileStatus[0];
    }
    FileStatus[] all = new FileStatus[found.length];
    for (int i = 0; i < found.length; i++) {
      all[i] = new Status(found[i]);
    }
    return all;
  }

  @Override
  public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
      throws IOException {
    return new BlockLocation[0];
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return files.open(local(path), bufferSize);
  }

  @Override
  public FSDataInputStream open(Path path) throws IOException {
    return files.open(local(path));
  }

  @Override
  public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
    return new Output(files.create(local(path), mode));
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return files.delete(local(path), recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return files.mkdirs(local(path));
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return files.rename(local(from), local(to));
  }

  @Override
  public boolean isDistributedFS() {
    return true;
  }

  /** A status whose path has the scheme. */
  private record Status(FileStatus status) implements FileStatus {
    @Override
    public long getLen() {
      return status.getLen();
    }

    @Override
    public long getBlockSize() {
      return status.getBlockSize();
    }

    @Override
    public short getReplication() {
      return status.getReplication();
    }

    @Override
    public long getModificationTime() {
      return status.getModificationTime();
    }

    @Override
    public long getAccessTime() {
      return status.getAccessTime();
    }

    @Override
    public boolean isDir() {
      return status.isDir();
    }

    @Override
    public Path getPath() {
      return unsteady(status.getPath());
    }
  }

  /** A file that is written with difficulty. */
  private static final class Output extends FSDataOutputStream {
    private final FSDataOutputStream file;

    Output(FSDataOutputStream file) {
      this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
      file.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      disturb();
      file.write(bytes, offset, length);
    }

    @Override
    public long getPos() throws IOException {
      return file.getPos();
    }

    @Override
    public void flush() throws IOException {
      file.flush();
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
