package io.timelog.kafka.internal.durability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.StoreLockedException;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogStorageException;
import io.timelog.TimelogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.Position;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DirectoryHomeTest {
  private static final StoreIdentity IDENTITY = new StoreIdentity("application", "0_3", "store");
  private static final TopicPartition CHANGELOG = new TopicPartition("changelog", 3);
  private static final byte[] KEY = {1};

  @TempDir Path directory;

  private DirectoryHome home;

  @AfterEach
  void close() {
    if (home != null) {
      home.close();
    }
  }

  private static StoreTerms terms(CommitRhythm rhythm) {
    return new StoreTerms(IDENTITY, "values", Backing.CHANGELOG, rhythm);
  }

  private static StoreTerms notLogged(String layout) {
    return new StoreTerms(IDENTITY, layout, Backing.NOTHING, CommitRhythm.WITH_APPLICATION);
  }

  private void open(StoreTerms terms) {
    close();
    home = DirectoryHome.in(directory, TimelogStore.builder(), terms);
  }

  private Table table() {
    return home.engine().openTable(TableOptions.map("store").unbounded().build());
  }

  private void put(String value) {
    home.beforeChange(1 + value.length());
    table().put(KEY, 0, value.getBytes(UTF_8));
  }

  private String get() {
    byte[] value = table().get(KEY, 0);
    return value == null ? null : new String(value, UTF_8);
  }

  private static StoreFacts facts(long offset) {
    return new StoreFacts(
        Map.of(CHANGELOG, offset),
        Position.emptyPosition().withComponent("in", 3, offset),
        List.of(offset * 10));
  }

  private void commit(long offset) {
    home.commit(() -> facts(offset));
  }

  @ParameterizedTest
  @EnumSource(CommitRhythm.class)
  void whatWasCommitted_isThereAgain_withTheFactsOfThatMoment(CommitRhythm rhythm) {
    open(terms(rhythm));
    assertThat(home.found()).isEqualTo(StoreFacts.NONE);
    put("one");
    commit(1);

    open(terms(rhythm));
    assertThat(home.found()).isEqualTo(facts(1));
    assertThat(get()).isEqualTo("one");
  }

  @ParameterizedTest
  @EnumSource(CommitRhythm.class)
  void whatWasNotCommitted_isGone(CommitRhythm rhythm) {
    open(terms(rhythm));
    put("one");
    commit(1);
    put("two");

    open(terms(rhythm));
    assertThat(home.found()).isEqualTo(facts(1));
    assertThat(get()).isEqualTo("one");
  }

  @Test
  void storeThatCommitsWithItsTask_putsASmallCommitOff_untilItIsClosed() {
    open(terms(CommitRhythm.WITH_TASK));
    put("one");
    commit(1);
    assertThat(committed()).as("the first is made at once").isEqualTo(facts(1));

    put("two");
    commit(2);
    put("three");
    commit(3);
    assertThat(committed()).isEqualTo(facts(1));

    open(terms(CommitRhythm.WITH_TASK));
    assertThat(home.found()).isEqualTo(facts(3));
    assertThat(get()).isEqualTo("three");
  }

  @Test
  void commitThatWasPutOff_isNotMadeOfWhatCameAfterIt() {
    open(terms(CommitRhythm.WITH_TASK));
    put("one");
    commit(1);
    put("two");
    commit(2);
    put("three");

    open(terms(CommitRhythm.WITH_TASK));
    assertThat(home.found()).isEqualTo(facts(1));
    assertThat(get()).isEqualTo("one");
  }

  @Test
  void storeThatCommitsWithItsTask_commitsWhenMuchHasChanged() {
    open(terms(CommitRhythm.WITH_TASK));
    put("one");
    commit(1);
    for (int i = 0; i < 17; i++) {
      put("x".repeat(1 << 20));
    }
    commit(2);
    assertThat(committed()).isEqualTo(facts(2));
  }

  private StoreFacts committed() {
    return StoreToken.decode(home.engine().committedToken().orElseThrow()).facts();
  }

  /** Kafka Streams does this with each store that it finds, before there are any tasks. */
  @ParameterizedTest
  @EnumSource(CommitRhythm.class)
  void homeThatIsOnlyAskedForItsOffsets_changesNothing(CommitRhythm rhythm) throws IOException {
    open(terms(rhythm));
    put("one");
    commit(1);
    close();
    home = null;
    Map<String, FileTime> before = filesWithTimes();

    open(terms(rhythm));
    assertThat(home.found()).isEqualTo(facts(1));
    commit(1);
    close();
    home = null;
    assertThat(filesWithTimes()).isEqualTo(before);
  }

  private Map<String, FileTime> filesWithTimes() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    for (Path file : files()) {
      times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
    }
    return times;
  }

  @Test
  void homeThatIsNew_makesNoDirectory_beforeThereIsSomething() {
    Path none = directory.resolve("none");
    DirectoryHome unused =
        DirectoryHome.in(none, TimelogStore.builder(), terms(CommitRhythm.WITH_APPLICATION));
    unused.close();
    assertThat(none).doesNotExist();
  }

  @Test
  void homeThatSomebodyElseHasWrittenToMeanwhile_isNotOpened() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");
    commit(1);
    open(terms(CommitRhythm.WITH_APPLICATION));
    try (TimelogStore other = TimelogStore.open(directory, TimelogStore.builder())) {
      other.commit(new byte[] {1});
    }

    assertThatThrownBy(() -> home.engine())
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll(
            "Somebody has written to the directory since the store was initialized",
            "directory=" + directory,
            "a state.dir of its own");
  }

  @Test
  void homeThatIsClosed_isNotOpenedAnyMore() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    home.close();

    assertThatIllegalStateException().isThrownBy(() -> home.engine());
  }

  /** Else the commit that waits would have what it does not speak of. */
  @Test
  void nothingIsWritten_onceTheCommitThatWaitedIsMade() {
    open(terms(CommitRhythm.WITH_TASK));
    put("one");
    commit(1);
    put("two");
    commit(2);
    home.close();

    assertThatIllegalStateException().isThrownBy(() -> home.beforeChange(1));
    open(terms(CommitRhythm.WITH_TASK));
    assertThat(home.found()).isEqualTo(facts(2));
    assertThat(get()).isEqualTo("two");
  }

  /** A restore from the beginning would bring duplicates a second time. */
  @Test
  void entriesWithoutAnOffset_areGivenUp_ifTheyComeFromAChangelogAgain() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");
    home.commit(() -> new StoreFacts(Map.of(), Position.emptyPosition(), List.of(5L)));

    open(terms(CommitRhythm.WITH_APPLICATION));
    assertThat(home.found()).isEqualTo(StoreFacts.NONE);
    assertThat(get()).isNull();
  }

  @Test
  void offsetThatIsUnknown_isFoundAgain_andClaimsNothing() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");
    commit(-4);

    open(terms(CommitRhythm.WITH_APPLICATION));
    assertThat(home.found().offsets()).isEqualTo(Map.of(CHANGELOG, -4L));
    assertThat(home.found().remembered()).isEmpty();
    assertThat(get()).isNull();
  }

  @Test
  void entriesThatComeFromNowhereAgain_areKeptWithoutAnOffset() {
    open(notLogged("values"));
    put("one");
    home.commit(() -> new StoreFacts(Map.of(), Position.emptyPosition(), List.of(5L)));

    open(notLogged("values"));
    assertThat(home.found().remembered()).containsExactly(5L);
    assertThat(get()).isEqualTo("one");
  }

  @Test
  void entriesOfAnotherLayout_areGivenUp_andTheirOffsetIsUnknown() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");
    commit(1);

    StoreTerms other =
        new StoreTerms(IDENTITY, "other values", Backing.CHANGELOG, CommitRhythm.WITH_APPLICATION);
    open(other);
    assertThat(home.found().offsets()).isEqualTo(Map.of(CHANGELOG, -4L));
    assertThat(home.found().remembered()).isEmpty();
    assertThat(get()).isNull();

    put("two");
    commit(2);
    open(other);
    assertThat(home.found()).isEqualTo(facts(2));
    assertThat(get()).isEqualTo("two");
  }

  /** It begins to read its topic at whatever offset there is. */
  @Test
  void entriesOfAGlobalStore_areGivenUp_andTheirOffsetsWithThem() {
    StoreIdentity global = new StoreIdentity("application", "-1_-1", "store");
    open(new StoreTerms(global, "values", Backing.TOPIC, CommitRhythm.WITH_APPLICATION));
    put("one");
    commit(1);

    open(new StoreTerms(global, "others", Backing.TOPIC, CommitRhythm.WITH_APPLICATION));
    assertThat(home.found()).isEqualTo(StoreFacts.NONE);
    assertThat(get()).isNull();
  }

  @Test
  void entriesOfAnotherLayout_thatComeFromNowhereAgain_areNotTouched() {
    open(notLogged("values"));
    put("one");
    commit(1);
    close();

    assertThatThrownBy(
            () -> DirectoryHome.in(directory, TimelogStore.builder(), notLogged("others")))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessage(
            "The store was made with other settings, and has no changelog to be restored from:"
                + " application=application, task=0_3, store=store, layout=[others],"
                + " found=[values], directory="
                + directory
                + ". Set them back; or delete the directory, and the store begins empty.");
    open(notLogged("values"));
    assertThat(get()).isEqualTo("one");
  }

  @Test
  void directoryOfAnotherStore_isRefused_andNotTouched() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");
    commit(1);
    close();

    StoreTerms another =
        new StoreTerms(
            new StoreIdentity("application", "0_4", "store"),
            "values",
            Backing.CHANGELOG,
            CommitRhythm.WITH_APPLICATION);
    assertThatThrownBy(() -> DirectoryHome.in(directory, TimelogStore.builder(), another))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessage(
            "The directory is that of another store: application=application, task=0_4,"
                + " store=store, found=[application=application, task=0_3, store=store],"
                + " directory="
                + directory
                + ". Put it back where it belongs; or delete it, and the store is restored from its"
                + " changelog, if it has one.");
    open(terms(CommitRhythm.WITH_APPLICATION));
    assertThat(get()).isEqualTo("one");
  }

  @Test
  void directoryOfAnotherProgram_isRefused() {
    try (TimelogStore other = TimelogStore.open(directory, TimelogStore.builder())) {
      other.commit(new byte[] {1, 2, 3});
    }

    assertThatThrownBy(() -> open(terms(CommitRhythm.WITH_APPLICATION)))
        .isInstanceOf(ProcessorStateException.class)
        .hasMessageContainingAll(
            "The store cannot be opened: application=application, task=0_3, store=store",
            "cause=The last commit is not one of a Kafka Streams store: bytes=3",
            "Run the version that wrote it");
  }

  @Test
  void directoryThatIsInUse_isRefused_andSaysWhatToDo() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");

    assertThatThrownBy(
            () ->
                DirectoryHome.in(
                    directory, TimelogStore.builder(), terms(CommitRhythm.WITH_APPLICATION)))
        .isInstanceOf(ProcessorStateException.class)
        .hasCauseInstanceOf(StoreLockedException.class)
        .hasMessageContaining("a state.dir of its own");
  }

  @Test
  void directoryThatIsDamaged_isRefused_andSaysWhatToDo() throws IOException {
    open(terms(CommitRhythm.WITH_TASK));
    put("one");
    commit(1);
    close();
    home = null;
    for (Path file : files()) {
      if (Files.size(file) > 0) {
        Files.write(file, new byte[] {0});
      }
    }

    assertThatThrownBy(() -> open(terms(CommitRhythm.WITH_TASK)))
        .isInstanceOf(ProcessorStateException.class)
        .hasCauseInstanceOf(TimelogCorruptionException.class)
        .hasMessageContainingAll(
            "directory=" + directory,
            "Delete the directory, and the store is restored from its changelog.");
  }

  private Collection<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void factsThatAreTooLong_areRefused_andTheCommitBeforeStands() {
    open(terms(CommitRhythm.WITH_APPLICATION));
    put("one");
    commit(1);
    Position long64KiB = Position.emptyPosition();
    for (int partition = 0; partition < 10_000; partition++) {
      long64KiB.withComponent("in", partition, Long.MAX_VALUE);
    }

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> home.commit(() -> new StoreFacts(Map.of(CHANGELOG, 2L), long64KiB, List.of())))
        .withMessageContaining("A commit token is too long");
    open(terms(CommitRhythm.WITH_APPLICATION));
    assertThat(home.found()).isEqualTo(facts(1));
  }

  /** As a disk that is full does: nothing can be made in the directory for a while. */
  @Test
  void commitThatTheDiskRefuses_isContainedInALaterOne_andTheOneBeforeStandsUntilThen()
      throws IOException {
    Path store = directory.resolve("store");
    Path elsewhere = directory.resolve("elsewhere");
    StoreTerms terms = terms(CommitRhythm.WITH_TASK);
    home = DirectoryHome.in(store, TimelogStore.builder(), terms);
    put("one");
    commit(1);
    put("two");
    home.beforeChange(17 << 20);
    Files.move(store, elsewhere);
    Files.createFile(store);

    assertThatThrownBy(() -> commit(2)).isInstanceOf(TimelogStorageException.class);
    assertThat(get()).isEqualTo("two");
    put("three");
    assertThatThrownBy(() -> commit(3)).isInstanceOf(TimelogStorageException.class);
    byte[] left = TimelogStore.committedToken(copyOf(elsewhere)).orElseThrow();
    assertThat(StoreToken.decode(left).facts()).isEqualTo(facts(1));

    Files.delete(store);
    Files.move(elsewhere, store);
    put("four");
    commit(4);
    home.close();
    home = DirectoryHome.in(store, TimelogStore.builder(), terms);
    assertThat(home.found()).isEqualTo(facts(4));
    assertThat(get()).isEqualTo("four");
  }

  /** What a crash would leave now. */
  private Path copyOf(Path files) throws IOException {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (Stream<Path> all = Files.list(files)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }
}
