package io.timelog.internal.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that read one file while they are interrupted all the time. */
final class InterruptedReadersTest {
  private static final int READERS = 3;
  private static final int INTERRUPTS = 100;
  private static final int WORDS = 4_096;

  @TempDir Path directory;

  @Test
  void interrupts_failNoRead_andAreNotLost() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    writeWords(disk);
    List<Thread> threads = new ArrayList<>();
    AtomicInteger reading = new AtomicInteger(READERS);
    ExecutorService pool =
        Executors.newFixedThreadPool(
            READERS,
            task -> {
              Thread thread = new Thread(task);
              threads.add(thread);
              return thread;
            });
    try (PositionedFile file = disk.open("words")) {
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        int first = reader;
        readers.add(
            pool.submit(
                () -> {
                  try {
                    readUntilInterrupted(file, first, INTERRUPTS);
                  } finally {
                    reading.decrementAndGet();
                  }
                  return null;
                }));
      }
      for (int i = 0; reading.get() > 0; i = (i + 1) % READERS) {
        threads.get(i).interrupt();
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Reads until the application, outside of reads, has seen so many interrupts. */
  private static void readUntilInterrupted(PositionedFile file, int first, int interrupts)
      throws IOException {
    int seen = 0;
    for (int word = first; seen < interrupts; word = (word + 17) % (WORDS - 16)) {
      readWord(file, word);
      if (Thread.interrupted()) {
        seen++;
      }
    }
  }

  private static void readWord(PositionedFile file, int word) throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(64);
    file.read((long) Integer.BYTES * word, target);
    assertThat(target.position()).isEqualTo(64);
    assertThat(target.getInt(0)).isEqualTo(word);
    assertThat(target.getInt(60)).isEqualTo(word + 15);
  }

  /** Word i of the file is i. */
  private static void writeWords(Disk disk) throws IOException {
    ByteBuffer words = ByteBuffer.allocate(Integer.BYTES * WORDS);
    for (int i = 0; i < WORDS; i++) {
      words.putInt(i);
    }
    try (AppendFile file = disk.create("words")) {
      file.write(words.flip());
    }
  }

  @Test
  void interruptOfOneReader_closesTheFileForNobody() throws Exception {
    LocalDisk disk = LocalDisk.in(directory);
    writeWords(disk);
    try (PositionedFile file = disk.open("words")) {
      Thread.currentThread().interrupt();
      readWord(file, 7);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      Thread.interrupted();

      CompletableFuture.runAsync(
              () -> assertThatCode(() -> readWord(file, 9)).doesNotThrowAnyException())
          .get();
      readWord(file, 11);
    } finally {
      Thread.interrupted();
    }
  }
}
