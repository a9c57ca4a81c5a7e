package io.timelog.internal.storage.disk;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The program that {@link DirectoryLockTest} runs in a process of its own. */
final class LockingProcess {
  private LockingProcess() {}

  /** Takes the lock of a directory, says whether it has it, and lives on until it is killed. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try {
      DirectoryLock lock = LocalDisk.in(Path.of(args[0])).lock("the other process");
      out.println("locked");
      // Returns when the process that started this one ends, too.
      int input = System.in.read();
      lock.close();
      out.println("ended by " + input);
    } catch (DirectoryLockedException e) {
      out.println("refused: " + e.holder());
    }
  }
}
