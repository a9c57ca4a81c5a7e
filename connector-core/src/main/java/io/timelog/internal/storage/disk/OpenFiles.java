package io.timelog.internal.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads files of one disk by their names and keeps a bounded number of them open, those that were
 * read last. Thread-safe: any number of threads may read a file at a time.
 */
public final class OpenFiles {
  /*
   * The lock is held to find and open a file, not to read it. A file that is to be closed while somebody
   * reads it is closed by the last reader, so there may be as many more open files as there are readers.
   */

  /** A file, and how many read it just now. */
  private static final class Opened {
    private final PositionedFile file;
    private int readers;
    private boolean kept = true;

    Opened(PositionedFile file) {
      this.file = file;
    }
  }

  private final Disk disk;
  private final int maxFiles;
  private final LinkedHashMap<String, Opened> files = new LinkedHashMap<>(16, 0.75f, true);
  private boolean ended;

  /**
   * No files as yet.
   *
   * @param maxFiles how many stay open while nobody reads them
   */
  public OpenFiles(Disk disk, int maxFiles) {
    this.disk = disk;
    this.maxFiles = maxFiles;
  }

  /**
   * Reads bytes of a file, from {@code offset} on, into all that {@code target} has room for.
   *
   * @throws io.timelog.TimelogCorruptionException if the file ends before
   * @throws IOException if there is no such file, or if the bytes cannot be had
   */
  public void read(String name, long offset, ByteBuffer target) throws IOException {
    Opened opened = begin(name);
    try {
      opened.file.read(offset, target);
    } finally {
      end(opened);
    }
  }

  private synchronized Opened begin(String name) throws IOException {
    Opened opened = files.get(name);
    if (opened == null) {
      opened = new Opened(disk.open(name));
      files.put(name, opened);
    }
    opened.readers++;
    closeUnread(files.size() - maxFiles);
    return opened;
  }

  private synchronized void end(Opened opened) throws IOException {
    opened.readers--;
    if (!opened.kept && opened.readers == 0) {
      opened.file.close();
    }
    if (ended) {
      closeUnread(files.size());
    }
  }

  /** Closes so many of the files that nobody reads, those first that were read longest ago. */
  private void closeUnread(int most) throws IOException {
    if (most <= 0) {
      return;
    }
    List<String> unread = new ArrayList<>();
    for (Map.Entry<String, Opened> file : files.entrySet()) {
      if (unread.size() < most && file.getValue().readers == 0) {
        unread.add(file.getKey());
      }
    }
    for (String name : unread) {
      close(name);
    }
  }

  /**
   * Closes a file, as soon as nobody reads it: it is going to be deleted. Does nothing if it is not
   * open.
   */
  public synchronized void close(String name) throws IOException {
    Opened opened = files.remove(name);
    if (opened != null) {
      opened.kept = false;
      if (opened.readers == 0) {
        opened.file.close();
      }
    }
  }

  /** The number of files that are open. */
  public synchronized int count() {
    return files.size();
  }

  /**
   * Keeps no file open from now on, but for as long as somebody reads it. Who still has segments
   * reads on.
   */
  public synchronized void keepNone() throws IOException {
    ended = true;
    closeUnread(files.size());
  }
}
