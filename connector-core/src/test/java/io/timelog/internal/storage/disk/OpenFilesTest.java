package io.timelog.internal.storage.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many files are open, and which. */
final class OpenFilesTest {
  private final RecordingDisk disk = new RecordingDisk();
  private final List<String> opened = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final OpenFiles files = new OpenFiles(new Watched(), 2);

  private final class Watched extends ForwardingDisk {
    Watched() {
      super(disk);
    }

    @Override
    public PositionedFile open(String name) throws IOException {
      PositionedFile file = super.open(name);
      opened.add(name);
      return new ForwardingPositionedFile(file) {
        @Override
        public void close() throws IOException {
          closed.add(name);
          super.close();
        }
      };
    }
  }

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      try (AppendFile file = disk.create(name)) {
        file.write(ByteBuffer.wrap((name + name + name).getBytes(US_ASCII)));
      }
    }
  }

  private String read(String name) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2);
    files.read(name, 1, bytes);
    return new String(bytes.array(), US_ASCII);
  }

  @Test
  void file_isOpenedOnce() throws IOException {
    assertThat(read("a")).isEqualTo("aa");
    assertThat(read("a")).isEqualTo("aa");

    assertThat(opened).containsExactly("a");
    assertThat(closed).isEmpty();
  }

  @Test
  void fileThatWasReadLongestAgo_isClosedForAnother() throws IOException {
    read("a");
    read("b");
    read("a");
    read("c");

    assertThat(closed).containsExactly("b");
    assertThat(files.count()).isEqualTo(2);
    assertThat(read("b")).isEqualTo("bb");
    assertThat(opened).containsExactly("a", "b", "c", "b");
  }

  @Test
  void closedFile_isOpenedAgain_ifItIsThere() throws IOException {
    read("a");
    files.close("a");
    files.close("a");
    assertThat(closed).containsExactly("a");
    assertThat(read("a")).isEqualTo("aa");

    files.close("a");
    disk.delete("a");
    assertThatThrownBy(() -> read("a")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whoKeepsNoFileOpen_readsStill() throws IOException {
    read("a");
    read("b");
    files.keepNone();
    assertThat(closed).containsExactlyInAnyOrder("a", "b");

    assertThat(read("c")).isEqualTo("cc");

    assertThat(closed).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(files.count()).isZero();
  }
}
