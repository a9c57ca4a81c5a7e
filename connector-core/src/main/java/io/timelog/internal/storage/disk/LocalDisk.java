package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of the operating system. It and its files are made for the user who runs the process
 * alone, where the file system knows users.
 *
 * <p>On Windows a directory cannot be synced; there, {@link #syncDirectory()} does nothing.
 */
public final class LocalDisk implements Disk {
  private static final Set<PosixFilePermission> OWNER_OF_DIRECTORY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);
  private static final Set<PosixFilePermission> OWNER_OF_FILE =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private final Path directory;
  private final FileAttribute<?>[] ownerOfFile;

  private LocalDisk(Path directory) {
    this.directory = directory;
    ownerOfFile = attributes(directory, OWNER_OF_FILE);
  }

  /**
   * The directory at a path, which is made if there is none, and the directories above it.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is a file at the path
   * @throws IOException if it cannot be made
   */
  public static LocalDisk in(Path directory) throws IOException {
    // Not asked to make what is there: a symbolic link to a directory would be refused.
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, attributes(directory, OWNER_OF_DIRECTORY));
    }
    return new LocalDisk(directory.toRealPath());
  }

  /**
   * The directory at a path; empty if there is nothing.
   *
   * @throws NotDirectoryException if there is something else at the path
   * @throws IOException if it cannot be looked at
   */
  public static Optional<LocalDisk> find(Path directory) throws IOException {
    Path real;
    try {
      real = directory.toRealPath();
    } catch (NoSuchFileException nothing) {
      return Optional.empty();
    }
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(real.toString());
    }
    return Optional.of(new LocalDisk(real));
  }

  /** The absolute path of the directory, without symbolic links. */
  public Path directory() {
    return directory;
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(LOCK))
          .sorted()
          .toList();
    }
  }

  @Override
  public long length(String name) throws IOException {
    return Files.size(path(name));
  }

  @Override
  public AppendFile create(String name) throws IOException {
    Path path = path(name);
    // Made with its permissions, which a RandomAccessFile cannot do.
    Files.createFile(path, ownerOfFile);
    try {
      return new LocalAppendFile(name, path);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  @Override
  public PositionedFile open(String name) throws IOException {
    return new GuardedFile(name, path(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(path(name));
  }

  /** {@inheritDoc} An interrupt does not come into it, as it would with a channel. */
  @Override
  public void force(String name) throws IOException {
    Path path = path(name);
    if (!Files.exists(path)) {
      // Or an empty one would be made.
      throw new NoSuchFileException(path.toString());
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.getFD().sync();
    }
  }

  @Override
  public boolean link(Path file, String name) throws IOException {
    return isLinked(path(name), file);
  }

  @Override
  public boolean linkTo(String name, Path target) throws IOException {
    return isLinked(target, path(name));
  }

  private static boolean isLinked(Path link, Path file) throws IOException {
    try {
      Files.createLink(link, file);
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException onAnotherDisk) {
      return false;
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    if (WINDOWS) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException outcomeUnknown) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public DirectoryLock lock(String holder) throws IOException {
    return LocalLock.take(directory, directory.resolve(LOCK), ownerOfFile, holder);
  }

  /**
   * Keeps owners away for as long as somebody reads what the last one has left: {@link #lock} is
   * refused meanwhile. Changes nothing, and needs no right to write.
   *
   * @param reader tells people in this process who reads, when they ask for the lock
   * @throws DirectoryLockedException if somebody has the directory
   * @throws IOException if that is not known
   */
  public DirectoryLock lockToRead(String reader) throws IOException {
    return LocalLock.takeToRead(directory, directory.resolve(LOCK), reader);
  }

  private Path path(String name) {
    if (name.equals(LOCK)) {
      // To open and close it would let go of the lock.
      throw new IllegalArgumentException("The name is that of the lock: name=" + name);
    }
    return directory.resolve(name);
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  @Override
  public String toString() {
    return "LocalDisk[" + directory + "]";
  }
}
