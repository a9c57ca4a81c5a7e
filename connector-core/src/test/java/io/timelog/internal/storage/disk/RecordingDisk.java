package io.timelog.internal.storage.disk;

import io.timelog.TimelogCorruptionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that writes down what is done to it, so that {@link CrashStates} can make every
 * state in which a crash may leave it.
 */
public final class RecordingDisk implements Disk {

  /** Something that was done. A file is told by its number, because names change. */
  public sealed interface Operation {}

  /** An empty file was made. */
  public record Create(int file, String name) implements Operation {}

  /** Bytes were appended: those from 0 to the limit. */
  public record Write(int file, int offset, ByteBuffer bytes) implements Operation {}

  /** The bytes of a file so far were made durable. */
  public record Force(int file) implements Operation {}

  /** A file got another name. */
  public record Rename(int file, String from, String to) implements Operation {}

  /** A name was deleted. */
  public record Delete(String name) implements Operation {}

  /** The names so far were made durable. */
  public record SyncDirectory() implements Operation {}

  /** The test said that something happened, such as the end of a commit. */
  public record Mark(Object what) implements Operation {}

  /** The bytes of a file, which grow. */
  private static final class Content {
    final int number;
    byte[] bytes;
    int length;

    Content(int number, byte[] bytes) {
      this.number = number;
      this.bytes = bytes;
      this.length = bytes.length;
    }
  }

  private final Map<String, byte[]> before;
  private final TreeMap<String, Content> names = new TreeMap<>();
  private final List<Operation> operations = new ArrayList<>();
  private int nextFile;
  private @Nullable String holder;

  /** A disk without files. */
  public RecordingDisk() {
    this(Map.of());
  }

  /** A disk on which these files are, all of them durable: what a crash left. */
  public RecordingDisk(Map<String, byte[]> files) {
    before = new TreeMap<>(files);
    before.forEach((name, bytes) -> names.put(name, new Content(nextFile++, bytes.clone())));
  }

  /**
   * A disk to which the same was done as to another one up to some operation, at which the process
   * died and the machine went on. Marks are left out.
   */
  public static RecordingDisk afterDeathOfProcess(RecordingDisk other, int operations)
      throws IOException {
    RecordingDisk disk = new RecordingDisk(other.before);
    Map<Integer, AppendFile> files = new HashMap<>();
    for (Operation operation : other.operations().subList(0, operations)) {
      if (operation instanceof Create create) {
        files.put(create.file, disk.create(create.name));
      } else if (operation instanceof Write write) {
        Objects.requireNonNull(files.get(write.file)).write(write.bytes.duplicate());
      } else if (operation instanceof Force force) {
        Objects.requireNonNull(files.get(force.file)).force();
      } else if (operation instanceof Rename rename) {
        disk.rename(rename.from, rename.to);
      } else if (operation instanceof Delete delete) {
        disk.delete(delete.name);
      } else if (operation instanceof SyncDirectory) {
        disk.syncDirectory();
      }
    }
    return disk;
  }

  /** The files that were there in the beginning, by name; they have the numbers from 0 on. */
  public Map<String, byte[]> before() {
    return before;
  }

  /** What was done, in order. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** Notes between two operations that something happened. */
  public synchronized void mark(Object what) {
    operations.add(new Mark(what));
  }

  /** The files as they are, by name. */
  public synchronized Map<String, byte[]> files() {
    Map<String, byte[]> files = new HashMap<>();
    names.forEach((name, content) -> files.put(name, Arrays.copyOf(content.bytes, content.length)));
    return files;
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized long length(String name) throws IOException {
    return content(name).length;
  }

  @Override
  public synchronized AppendFile create(String name) throws IOException {
    if (names.containsKey(checked(name))) {
      throw new FileAlreadyExistsException(name);
    }
    Content content = new Content(nextFile++, new byte[0]);
    names.put(name, content);
    operations.add(new Create(content.number, name));
    return new RecordedFile(name, content);
  }

  @Override
  public synchronized PositionedFile open(String name) throws IOException {
    return new ReadFile(name, content(name));
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    checked(to);
    Content content = content(from);
    names.remove(from);
    names.put(to, content);
    operations.add(new Rename(content.number, from, to));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    content(name);
    names.remove(name);
    operations.add(new Delete(name));
  }

  @Override
  public synchronized void force(String name) throws IOException {
    operations.add(new Force(content(name).number));
  }

  @Override
  public synchronized void syncDirectory() {
    operations.add(new SyncDirectory());
  }

  @Override
  public synchronized DirectoryLock lock(String newHolder) throws IOException {
    if (holder != null) {
      throw new DirectoryLockedException("memory", holder);
    }
    holder = newHolder;
    return new Lock();
  }

  private Content content(String name) throws NoSuchFileException {
    Content content = names.get(checked(name));
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return content;
  }

  private static String checked(String name) {
    if (name.equals(LOCK)) {
      throw new IllegalArgumentException("The name is that of the lock: name=" + name);
    }
    return name;
  }

  private final class RecordedFile implements AppendFile {
    private final String name;
    private final Content content;
    private boolean closed;

    RecordedFile(String name, Content content) {
      this.name = name;
      this.content = content;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long position() {
      synchronized (RecordingDisk.this) {
        return content.length;
      }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      synchronized (RecordingDisk.this) {
        requireOpen();
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        int offset = content.length;
        if (content.bytes.length < offset + bytes.length) {
          content.bytes = Arrays.copyOf(content.bytes, 2 * (offset + bytes.length));
        }
        System.arraycopy(bytes, 0, content.bytes, offset, bytes.length);
        content.length = offset + bytes.length;
        if (bytes.length > 0) {
          operations.add(
              new Write(content.number, offset, ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
        }
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (RecordingDisk.this) {
        requireOpen();
        operations.add(new Force(content.number));
      }
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new IOException("The file is closed: name=" + name);
      }
    }

    @Override
    public void close() {
      synchronized (RecordingDisk.this) {
        closed = true;
      }
    }
  }

  private final class ReadFile implements PositionedFile {
    private final String name;
    private final Content content;
    private final int length;
    private boolean closed;

    ReadFile(String name, Content content) {
      this.name = name;
      this.content = content;
      this.length = content.length;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      synchronized (RecordingDisk.this) {
        if (closed) {
          throw new IllegalStateException("The file is closed: name=" + name);
        }
        if (offset + target.remaining() > content.length) {
          throw new TimelogCorruptionException(
              "File ends too early: length=" + content.length + ", expectedLength=" + length,
              name,
              Math.max(offset, content.length));
        }
        target.put(content.bytes, (int) offset, target.remaining());
      }
    }

    @Override
    public void close() {
      synchronized (RecordingDisk.this) {
        closed = true;
      }
    }
  }

  private final class Lock implements DirectoryLock {
    private boolean given;

    @Override
    public void close() {
      synchronized (RecordingDisk.this) {
        if (!given) {
          given = true;
          holder = null;
        }
      }
    }
  }
}
