package io.timelog.flink.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.MemoryBudget;
import io.timelog.TimelogStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.runtime.util.TestingTaskManagerRuntimeInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where backends get a directory, and what becomes of those that nobody has any more. */
final class LocalDirectoriesTest {
  private final MemoryBudget memory = MemoryBudget.ofBytes(1 << 20);

  @TempDir private Path folder;
  private Path place;
  private TaskManagerRuntimeInfo taskManager;

  @BeforeEach
  void makePlace() throws IOException {
    place = Files.createDirectory(folder.resolve("place"));
    taskManager = new TestingTaskManagerRuntimeInfo(new Configuration(), folder.toFile());
  }

  private StateDirectory create(LocalDirectories directories) throws IOException {
    return directories.create(taskManager, "operator", memory);
  }

  private LocalDirectories inPlace() {
    return new LocalDirectories(List.of(place.toString()));
  }

  private static Set<Path> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new HashSet<>(files.toList());
    }
  }

  @Test
  void directory_isInTheWorkingDirectoryIfNothingElseWasSaid() throws IOException {
    try (StateDirectory directory = create(LocalDirectories.ofTaskManager())) {
      assertThat(Path.of(directory.toString()).getParent())
          .isEqualTo(taskManager.getTmpWorkingDirectory().toPath());
    }
  }

  @Test
  void eachBackend_hasADirectoryOfItsOwn_untilItIsClosed() throws IOException {
    StateDirectory one = create(inPlace());
    StateDirectory other = create(inPlace());
    one.openStates().close();
    other.openStates().close();
    other.openDerived().close();
    assertThat(in(place)).hasSize(2);

    one.close();
    one.close();
    assertThat(in(place)).containsExactly(Path.of(other.toString()));

    other.close();
    assertThat(in(place)).isEmpty();
  }

  @Test
  void backends_areSpreadOverThePlaces() throws IOException {
    Path second = Files.createDirectory(folder.resolve("second"));
    LocalDirectories both = LocalDirectories.parse(place + " ," + second + File.pathSeparator);

    for (int i = 0; in(place).isEmpty() || in(second).isEmpty(); i++) {
      assertThat(i).as("directories made without one in each place").isLessThan(1_000);
      create(both);
    }
  }

  @Test
  void placeThatAllowsNoDirectory_isPassedOver() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    LocalDirectories places = new LocalDirectories(List.of(file.toString(), place.toString()));

    for (int i = 0; i < 20; i++) {
      create(places).close();
    }

    assertThatThrownBy(() -> create(new LocalDirectories(List.of(file.toString()))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("places=[" + file + "]");
  }

  /** As a process leaves it that was killed, but for the name. */
  private TimelogStore open(Path directory) {
    return TimelogStore.open(
        StateDirectory.states(directory), TimelogStore.builder().memoryBudget(memory));
  }

  private Path ofAnotherProcess() {
    return place.resolve(DirectoryName.PREFIX + "0-0-" + UUID.randomUUID());
  }

  @Test
  void directoryOfADeadProcess_isRemovedByTheNextBackend() throws IOException {
    Path dead = ofAnotherProcess();
    open(dead).close();
    Files.createFile(StateDirectory.states(dead).resolve("0000000000000007.seg"));

    create(inPlace()).close();

    assertThat(in(place)).isEmpty();
  }

  @Test
  void directoryThatWasHalfRemoved_isRemoved() throws IOException {
    Path dead = ofAnotherProcess();
    Files.createDirectories(StateDirectory.states(dead));
    Files.createFile(StateDirectory.states(dead).resolve("0000000000000007.seg"));

    create(inPlace()).close();

    assertThat(in(place)).isEmpty();
  }

  @Test
  void directoryOfALivingProcess_stays() throws IOException {
    Path alive = ofAnotherProcess();
    try (TimelogStore store = open(alive)) {
      create(inPlace()).close();

      assertThat(in(place)).containsExactly(alive);
      assertThat(store.isClosed()).isFalse();
    }
  }

  @Test
  void directoryThatIsBeingMade_stays() throws IOException {
    Path made = Files.createDirectories(ofAnotherProcess());
    Path locking = ofAnotherProcess();
    Files.createDirectories(StateDirectory.states(locking));
    Files.createFile(StateDirectory.states(locking).resolve("LOCK"));

    create(inPlace()).close();

    assertThat(in(place)).containsExactlyInAnyOrder(made, locking);
  }

  @Test
  void whatIsNotOfBackends_stays() throws IOException {
    Path other = place.resolve("other");
    open(other).close();
    Path ofThisProcess = place.resolve(DirectoryName.next());
    open(ofThisProcess).close();

    create(inPlace()).close();

    assertThat(in(place)).containsExactlyInAnyOrder(other, ofThisProcess);
  }
}
