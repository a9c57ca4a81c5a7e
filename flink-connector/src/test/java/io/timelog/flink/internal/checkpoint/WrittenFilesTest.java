package io.timelog.flink.internal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.state.StateObject;
import org.junit.jupiter.api.Test;

final class WrittenFilesTest {
  private final List<String> deleted = new ArrayList<>();
  private final WrittenFiles files = new WrittenFiles();

  /** A file in a storage that gives up when its caller is interrupted, as most of them do. */
  private final class RemoteFile implements StateObject {
    private static final long serialVersionUID = 1L;

    private final String name;

    RemoteFile(String name) {
      this.name = name;
    }

    @Override
    public void discardState() throws InterruptedIOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException();
      }
      deleted.add(name);
    }

    @Override
    public long getStateSize() {
      return 0;
    }
  }

  @Test
  void discard_deletesEachFileOnce() {
    files.add(new RemoteFile("a"));
    files.add(new RemoteFile("b"));

    files.discard();
    files.discard();

    assertThat(deleted).containsExactly("a", "b");
  }

  @Test
  void discard_onAThreadThatIsInterrupted_deletesAll_andLeavesItInterrupted() {
    files.add(new RemoteFile("a"));

    Thread.currentThread().interrupt();
    files.discard();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(deleted).containsExactly("a");
  }
}
