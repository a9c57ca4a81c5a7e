package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A budget that is full of entries that a filter gives up takes what comes next, wherever these
 * entries are, though all lie in one partition window.
 */
final class FilteredMemoryTest {
  private static final int LIMIT_BYTES = 4 << 20;
  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 200;

  /** Several times what fits. */
  private static final int ROUNDS = 300;

  private final MemoryBudget budget = MemoryBudget.ofBytes(LIMIT_BYTES);
  private final TimelogStore store = TimelogStore.builder().memoryBudget(budget).build();

  /** Entries of rounds before this one may go. */
  private int firstAlive;

  enum Kind {
    MULTIMAP {
      @Override
      TableOptions.Builder options(String name) {
        return TableOptions.multimap(name);
      }

      @Override
      void add(Table table, byte[] key, long timestamp, byte[] value) {
        table.append(key, timestamp, value);
      }
    },
    MAP {
      @Override
      TableOptions.Builder options(String name) {
        return TableOptions.map(name);
      }

      @Override
      void add(Table table, byte[] key, long timestamp, byte[] value) {
        table.put(key, timestamp, value);
      }
    };

    abstract TableOptions.Builder options(String name);

    abstract void add(Table table, byte[] key, long timestamp, byte[] value);

    final void fill(Table table, int round) {
      for (int key = 0; key < KEYS; key++) {
        add(table, key(round, key), 0, value(round));
      }
    }
  }

  @BeforeEach
  void nothingHasExpired() {
    firstAlive = 0;
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Table open(Kind kind) {
    return store.createTable(
        kind.options("t")
            .filter(
                (key, timestamp, subkey, value) ->
                    ByteBuffer.wrap(value.toByteArray()).getInt() < firstAlive)
            .build());
  }

  private static byte[] key(int round, int key) {
    return ByteBuffer.allocate(8).putInt(round).putInt(key).array();
  }

  private static byte[] value(int round) {
    return ByteBuffer.allocate(VALUE_BYTES).putInt(round).array();
  }

  private static List<Integer> read(Table table, byte[] key) {
    List<Integer> rounds = new ArrayList<>();
    try (Cursor cursor = table.scan(key, TimeRange.all())) {
      while (cursor.advance()) {
        rounds.add(ByteBuffer.wrap(cursor.value()).getInt());
      }
    }
    return rounds;
  }

  private static void fillUntilRefused(Kind kind, Table table) {
    assertThatThrownBy(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                kind.fill(table, round);
              }
            })
        .isInstanceOf(MemoryBudgetExceededException.class);
  }

  private static void assertHas(Table table, int round) {
    for (int key = 0; key < KEYS; key++) {
      assertThat(read(table, key(round, key))).as("key %d", key).containsExactly(round);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenUpInMemtables_makesRoom(Kind kind) {
    Table table = open(kind);
    for (int round = 0; round < ROUNDS; round++) {
      firstAlive = round;
      kind.fill(table, round);
    }

    assertHas(table, ROUNDS - 1);
    assertThat(table.stats().filteredEntries()).isGreaterThan(ROUNDS * KEYS / 2);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenUpInSegments_makesRoom(Kind kind) {
    Table table = open(kind);
    int segments = 0;
    while (budget.usedBytes() < LIMIT_BYTES * 3L / 4) {
      kind.fill(table, segments);
      store.flush();
      segments++;
    }
    firstAlive = segments;

    for (int round = segments; round < segments + ROUNDS / 6; round++) {
      kind.fill(table, round);
    }

    assertHas(table, segments + ROUNDS / 6 - 1);
    assertHas(table, segments);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenUpInSealedWindows_makesRoom(Kind kind) {
    Table table = open(kind);
    int sealed = 0;
    while (budget.usedBytes() < LIMIT_BYTES * 3L / 4) {
      kind.fill(table, sealed);
      sealed++;
    }
    store.beginExport().close();
    firstAlive = sealed;

    for (int round = sealed; round < sealed + ROUNDS / 6; round++) {
      kind.fill(table, round);
    }

    assertHas(table, sealed);
    assertHas(table, sealed + ROUNDS / 6 - 1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenUpOfAKeyWithManyEntries_makesRoom(Kind kind) {
    Table table = open(kind);
    byte[] key = key(0, 0);
    for (int round = 0; round < ROUNDS * KEYS; round++) {
      firstAlive = round - KEYS;
      kind.add(table, key, round, value(round));
    }

    assertThat(read(table, key)).endsWith(ROUNDS * KEYS - 1).hasSizeGreaterThanOrEqualTo(KEYS);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAlive_staysBesideWhatIsGivenUp(Kind kind) {
    Table table = open(kind);
    firstAlive = 1_000;
    kind.fill(table, 1_000);
    for (int round = 0; round < ROUNDS; round++) {
      kind.fill(table, round);
      if (round % 50 == 0) {
        store.flush();
      }
    }

    assertHas(table, 1_000);
  }

  @ParameterizedTest
  @EnumSource
  void writesAreRefused_ifNothingIsGivenUp(Kind kind) {
    Table table = open(kind);

    fillUntilRefused(kind, table);
    assertHas(table, 0);
    firstAlive = ROUNDS;
    kind.fill(table, ROUNDS);
    assertHas(table, ROUNDS);
  }

  @Test
  void whatAnotherStoreOfTheBudgetGivesUp_makesRoom() {
    Table full = open(Kind.MAP);
    fillUntilRefused(Kind.MAP, full);
    firstAlive = ROUNDS;

    try (TimelogStore other = TimelogStore.builder().memoryBudget(budget).build()) {
      Table table = other.createTable(TableOptions.map("o").build());
      for (int round = 0; round < 20; round++) {
        Kind.MAP.fill(table, round);
      }
      assertHas(table, 0);
    }
  }

  @Test
  void aFilterMayRead() {
    List<Integer> read = new ArrayList<>();
    Table table =
        store.createTable(
            TableOptions.map("t")
                .filter(
                    (key, timestamp, subkey, value) -> {
                      int round = ByteBuffer.wrap(value.toByteArray()).getInt();
                      if (round == 0) {
                        read.addAll(read(store.table("t"), key.toByteArray()));
                      }
                      return round < 10;
                    })
                .build());

    for (int round = 0; round < 40; round++) {
      Kind.MAP.fill(table, round);
    }
    fillUntilRefused(Kind.MAP, table);

    assertThat(read).isNotEmpty().containsOnly(0);
    assertThat(table.stats().filterFailures()).isZero();
  }

  @Test
  void anOlderValueOfAMap_doesNotComeBack() {
    Table table = open(Kind.MAP);
    Kind.MAP.fill(table, 0);
    for (int key = 0; key < KEYS; key++) {
      // Will be given up before the value that it replaces.
      table.put(key(9, key), 0, value(1_000));
    }
    store.flush();
    for (int key = 0; key < KEYS; key++) {
      table.put(key(9, key), 0, value(1));
    }
    firstAlive = 900;
    for (int round = 100; round < 100 + ROUNDS; round++) {
      Kind.MAP.fill(table, round);
    }

    for (int key = 0; key < KEYS; key++) {
      assertThat(read(table, key(9, key))).as("key %d", key).doesNotContain(1_000);
    }
  }

  @Test
  void whatASnapshotSees_staysUntilItIsClosed() {
    Table table = open(Kind.MULTIMAP);
    Kind.MULTIMAP.fill(table, 0);
    firstAlive = 1;
    try (Snapshot snapshot = store.snapshot()) {
      fillUntilRefused(Kind.MULTIMAP, table);
      try (Cursor cursor = snapshot.table("t").scan(key(0, 0), TimeRange.all())) {
        assertThat(cursor.advance()).isTrue();
      }
    }
    firstAlive = ROUNDS;
    Kind.MULTIMAP.fill(table, ROUNDS);
    assertHas(table, ROUNDS);
  }
}
