package io.timelog.kafka;

import static io.timelog.kafka.AnyStore.CHANGELOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.kafka.AnyStore.Kind;
import io.timelog.kafka.AnyStore.Life;
import java.io.File;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store leaves in the directory of its task, and what becomes of it. */
final class PersistentStoresTest {
  private static final long MINUTE = 60_000;
  private static final TopicPartition OTHER = new TopicPartition("changelog", 1);

  @TempDir File directory;

  private AnyStore open(Kind kind, Life life) {
    return kind.open(life, directory, Map.of());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeInMemory_leavesNothing(Kind kind) {
    try (AnyStore store = open(kind, Life.IN_MEMORY)) {
      store.write("a", 1, "one");
      store.commit(1);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeOfThePersistentKind_isInADirectoryOfItsOwn(Kind kind) {
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.write("a", MINUTE, "one");
    }

    assertThat(directory.list()).containsExactly("timelog");
    assertThat(new File(directory, "timelog").list()).containsExactly(AnyStore.NAME);
  }

  /** Else what is late would be taken again, or what is not would be refused. */
  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "KEY_VALUES")
  void streamTime_isThatOfTheCommit(Kind kind) {
    long ahead = 10 * AnyStore.RETENTION.toMillis();
    List<String> before;
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.write("a", ahead, "one");
      store.commit(1);
      before = store.contents();
      store.write("a", 10 * ahead, "not committed");
    }

    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.write("b", ahead - 2 * AnyStore.RETENTION.toMillis(), "late");
      assertThat(store.contents()).isEqualTo(before);
      store.write("b", ahead - MINUTE, "not late");
      assertThat(store.contents()).isNotEqualTo(before);
    }
  }

  /** What is restored goes on from the offset, and what was there is not there twice. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void restore_goesOnAfterTheLastCommit(Kind kind) {
    List<String> expected;
    try (AnyStore model = open(kind, Life.IN_MEMORY)) {
      model.restore(model.changelogRecord(7, "a", MINUTE, "one"));
      model.restore(model.changelogRecord(8, "b", MINUTE, "two"));
      expected = model.contents();
    }

    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.restore(store.changelogRecord(7, "a", MINUTE, "one"));
      store.commit(7);
      store.restore(store.changelogRecord(8, "b", MINUTE, "two"));
    }
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(7);
      store.restore(store.changelogRecord(8, "b", MINUTE, "two"));
      assertThat(store.contents()).isEqualTo(expected);
    }
  }

  /** As after {@code TaskCorruptedException}: the changelog is restored from its beginning. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeWhoseOffsetsWereForgotten_isEmpty(Kind kind) {
    List<String> empty;
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      empty = store.contents();
      store.write("a", MINUTE, "one");
      store.commit(1);
      store.store().commit(Map.of());
    }

    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isNull();
      assertThat(store.contents()).isEqualTo(empty);
      assertThat(store.store().getPosition().getTopics()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void offsetBeyondWhatWasFound_isClaimedOnlyWhenSomethingCame(Kind kind) {
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.write("a", MINUTE, "one");
      store.commit(17);
    }

    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.store().commit(Map.of(CHANGELOG, 20L, OTHER, 5L));
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(17);
      assertThat(store.store().committedOffset(OTHER)).isNull();
      store.commit(16);
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(16);
      store.write("a", MINUTE, "two");
      store.commit(21);
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(21);
    }
  }

  /**
   * One kind for all that have windows. Not the event log: a summary reads some hundred files at
   * once here, and a page of each is more than this budget can give.
   */
  @ParameterizedTest
  @EnumSource(value = Kind.class, names = "SESSIONS")
  void stateLargerThanTheBudget_isKept(Kind kind) {
    Map<String, ?> small = Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, 4 << 20);
    String value = "x".repeat(4_000);
    List<String> before;
    try (AnyStore store = kind.open(Life.PERSISTENT, directory, small)) {
      for (int i = 0; i < 5_500; i++) {
        store.write("a", MINUTE + i, value);
        if (i % 500 == 0) {
          store.commit(i);
        }
      }
      store.commit(5_500);
      before = store.contents();
      assertThat(before).hasSizeGreaterThanOrEqualTo(5_500);
    }

    try (AnyStore store = kind.open(Life.PERSISTENT, directory, small)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(5_500);
      assertThat(store.contents()).isEqualTo(before);
    }
  }

  /** All of its entries are in one window, which lasts for ever. */
  @Test
  void keyValuesLargerThanTheBudget_areKept() {
    Map<String, ?> small = Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, 4 << 20);
    int keys = 5_500;
    try (AnyStore store = Kind.KEY_VALUES.open(Life.PERSISTENT, directory, small)) {
      for (int i = 0; i < keys; i++) {
        // The kind makes 50 keys of each of these.
        store.write("key" + i / 50 + "-", i, i + "x".repeat(4_000));
        if (i % 500 == 0) {
          store.commit(i);
        }
      }
      store.commit(keys);
    }

    try (AnyStore store = Kind.KEY_VALUES.open(Life.PERSISTENT, directory, small)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(keys);
      List<String> contents = store.contents();
      assertThat(contents).hasSize(keys);
      assertThat(contents.get(0)).startsWith("key0-0=0x");
    }
  }

  /** A store stays open when its task becomes a standby, or a standby becomes the task. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeOfATaskThatBecomesAStandbyAndBack_hasAllOfItOnce(Kind kind) {
    List<String> expected;
    try (AnyStore model = open(kind, Life.IN_MEMORY)) {
      model.restore(model.changelogRecord(1, "a", MINUTE, "one"));
      model.write("b", 2 * MINUTE, "two");
      model.restore(model.changelogRecord(3, "longer", 3 * MINUTE, "three"));
      model.write("a", 4 * MINUTE, "four");
      expected = model.contents();
    }

    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.restore(store.changelogRecord(1, "a", MINUTE, "one"));
      store.commit(1);
      store.write("b", 2 * MINUTE, "two");
      store.commit(2);
      store.restore(store.changelogRecord(3, "longer", 3 * MINUTE, "three"));
      store.commit(3);
      store.write("a", 4 * MINUTE, "four");
      store.commit(4);
      assertThat(store.contents()).isEqualTo(expected);
    }
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(4);
      assertThat(store.contents()).isEqualTo(expected);
    }
  }

  @Test
  void storeOfAnotherKind_isRestored_fromTheBeginning() {
    try (AnyStore store = open(Kind.WINDOWS, Life.PERSISTENT)) {
      store.write("a", MINUTE, "one");
      store.commit(17);
    }

    try (AnyStore store = open(Kind.SESSIONS, Life.PERSISTENT)) {
      assertThat(store.contents()).isEmpty();
      assertThat(store.store().committedOffset(CHANGELOG)).as("unknown").isEqualTo(-4);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeThatIsOpenAlready_isNotOpenedTwice(Kind kind) {
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.write("a", MINUTE, "one");
      assertThatThrownBy(() -> open(kind, Life.PERSISTENT))
          .isInstanceOf(ProcessorStateException.class)
          .hasMessageContainingAll("store=" + AnyStore.NAME, "a state.dir of its own");
      store.commit(17);
    }
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      assertThat(store.store().committedOffset(CHANGELOG)).isEqualTo(17);
    }
  }

  /** So a start reads nothing of tasks that somebody else has. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void storeThatIsOnlyAskedForItsOffset_isNotOpened(Kind kind) {
    try (AnyStore store = open(kind, Life.PERSISTENT)) {
      store.write("a", MINUTE, "one");
      store.commit(17);
    }

    try (AnyStore asked = open(kind, Life.PERSISTENT)) {
      assertThat(asked.store().committedOffset(CHANGELOG)).isEqualTo(17);
      asked.commit(17);
      // Nobody has the directory, so another one can be opened in it.
      try (AnyStore other = open(kind, Life.PERSISTENT)) {
        assertThat(other.contents()).isNotEmpty();
      }
    }
  }
}
