package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A flat directory of files. Names have no meaning here, and a name is used for one file only, so
 * that an open file can be told by it. Thread-safe; the files for appending that it hands out are
 * not.
 */
public interface Disk {
  /** The name of the file that {@link #lock} takes. No other operation sees or takes it. */
  String LOCK = "LOCK";

  /**
   * The names of all files, sorted, of those that are not of the store, too.
   *
   * @throws IOException if the directory cannot be read
   */
  List<String> list() throws IOException;

  /**
   * The length of a file in bytes.
   *
   * @throws java.nio.file.NoSuchFileException if there is none of this name
   * @throws IOException if it cannot be had
   */
  long length(String name) throws IOException;

  /**
   * Makes an empty file, which only the user that runs the process may read and write.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one of this name
   * @throws IOException if it cannot be made; there is none then
   */
  AppendFile create(String name) throws IOException;

  /**
   * Opens a file for reading. Its bytes must not change any more.
   *
   * @throws java.nio.file.NoSuchFileException if there is none of this name
   * @throws IOException if it cannot be opened
   */
  PositionedFile open(String name) throws IOException;

  /**
   * Gives a file another name, at once for who looks: there is a file under one of the two at any
   * time. If there was another file of the new name, it has none any more.
   *
   * @throws java.nio.file.NoSuchFileException if there is none of this name
   * @throws IOException if it cannot be renamed; nothing changed then
   */
  void rename(String from, String to) throws IOException;

  /**
   * Deletes a file. Who has it open reads on, but cannot rely on it for ever.
   *
   * @throws NoSuchFileException if there is none of this name
   * @throws IOException if it cannot be deleted
   */
  void delete(String name) throws IOException;

  /**
   * As {@link #delete}, of a file that may be gone already.
   *
   * @throws IOException if it is there, and cannot be deleted
   */
  default void deleteIfPresent(String name) throws IOException {
    try {
      delete(name);
    } catch (NoSuchFileException gone) {
      // As was wanted.
    }
  }

  /**
   * Makes the bytes of a file durable that were written before, when it was open for appending.
   *
   * @throws java.nio.file.NoSuchFileException if there is none of this name
   * @throws IOException if that is not known to have happened; then no later call makes it known
   */
  void force(String name) throws IOException;

  /**
   * Makes a file of the machine one of this disk, too, without copying it. Its bytes must not
   * change any more; they are durable when they are {@linkplain #force forced}.
   *
   * @param file the file, wherever on the machine
   * @param name what it is called here
   * @return false if that cannot be had, because a disk has no such thing, or the file is on
   *     another one; nothing was made then
   * @throws java.nio.file.FileAlreadyExistsException if there is one of this name
   * @throws IOException if it is not known whether it was made
   */
  default boolean link(Path file, String name) throws IOException {
    return false;
  }

  /**
   * Makes a file of this disk one of the machine's, too, without copying it.
   *
   * @param name what it is called here
   * @param target what it is called there; there is nothing of that name
   * @return false if that cannot be had; nothing was made then
   * @throws IOException if it is not known whether it was made
   */
  default boolean linkTo(String name, Path target) throws IOException {
    return false;
  }

  /**
   * Makes durable which files there are under which names. Before it returns, a crash may undo any
   * of the creations, renamings and deletions since the call before, each for itself.
   *
   * @throws IOException if that is not known to have happened
   */
  void syncDirectory() throws IOException;

  /**
   * Takes the directory for one owner, in this process and among all processes of the machine.
   * Crashes let go of it.
   *
   * @param holder tells people who has it, when somebody else asks for it; a line of text
   * @throws DirectoryLockedException if somebody has it
   * @throws IOException if it cannot be taken
   */
  DirectoryLock lock(String holder) throws IOException;
}
