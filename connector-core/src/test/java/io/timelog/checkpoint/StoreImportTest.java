package io.timelog.checkpoint;

import static io.timelog.checkpoint.StoreExportTest.key;
import static io.timelog.checkpoint.StoreExportTest.read;
import static io.timelog.checkpoint.StoreExportTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.timelog.Cursor;
import io.timelog.FileSource;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.ReadableFile;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStore;
import io.timelog.testing.PoisoningSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store is made of others: of all of one, of a part of one, of parts of several. */
final class StoreImportTest {
  private final Depot depot = new Depot();
  private final PoisoningSource source = new PoisoningSource();
  private final MemoryBudget budget = MemoryBudget.ofBytes(64 << 20, source);

  @AfterEach
  void noFileIsLeftOpen() {
    assertThat(depot.open).hasValue(0);
  }

  private TimelogStore.Builder settings() {
    return TimelogStore.builder().memoryBudget(budget).targetPageBytes(256);
  }

  private static TableOptions.Builder multimap() {
    return TableOptions.multimap("t").keyGroups(KeyGroups.FIRST_BYTE);
  }

  private Depot.Stored export(TimelogStore store) {
    try (StoreExport export = store.beginExport()) {
      return depot.store(export);
    }
  }

  private StoreImport importing() {
    return StoreImport.into(settings());
  }

  /** Exports a table with an entry for each group and number, each at its number. */
  private Depot.Stored exportOf(TableOptions.Builder options, int from, int to, int entries) {
    try (TimelogStore store = settings().build()) {
      Table table = store.createTable(options.build());
      for (int group = from; group <= to; group++) {
        for (int i = 0; i < entries; i++) {
          table.append(key(group, i % 20), i, value(i));
        }
      }
      return export(store);
    }
  }

  private static List<String> readGroups(Table table, int from, int to) {
    List<String> entries = new ArrayList<>();
    try (Cursor cursor = table.scanKeyGroups(from, to, TimeRange.all())) {
      while (cursor.advance()) {
        entries.add(
            Arrays.toString(cursor.key()) + cursor.timestamp() + Arrays.toString(cursor.value()));
      }
    }
    return entries;
  }

  @Test
  void aPartOfAStoreHasItsKeyGroupsAndNoOthers() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 15, 500);
    try (TimelogStore all = importing().add(stored.metadata(), depot, 0, 15).finish();
        TimelogStore low = importing().add(stored.metadata(), depot, 0, 4).finish();
        TimelogStore high = importing().add(stored.metadata(), depot, 5, 15).finish()) {
      assertThat(readGroups(low.table("t"), 0, 255)).isEqualTo(readGroups(all.table("t"), 0, 4));
      assertThat(readGroups(high.table("t"), 0, 255)).isEqualTo(readGroups(all.table("t"), 5, 15));
      assertThat(low.table("t").stats().segmentEntries()).isEqualTo(5 * 500);
      assertThat(export(low).files()).doesNotContainAnyElementsOf(stored.files());
    }
  }

  @Test
  void aPartOfAStoreReadsLittleOfTheRest() {
    Depot.Stored stored = exportOf(multimap().unbounded(), 0, 99, 400);
    long size = depot.files.values().stream().mapToLong(file -> file.length).sum();
    try (TimelogStore part = importing().add(stored.metadata(), depot, 10, 14).finish()) {
      assertThat(part.table("t").stats().segmentEntries()).isEqualTo(5 * 400);
    }
    assertThat(depot.bytesRead.get()).isLessThan(size / 3);
  }

  @Test
  void aFileWithoutWantedKeyGroupsIsNotOpened() {
    Depot.Stored stored = exportOf(multimap().unbounded(), 3, 5, 400);
    try (TimelogStore part = importing().add(stored.metadata(), depot, 6, 9).finish()) {
      assertThat(read(part.table("t"))).isEmpty();
    }
    assertThat(depot.bytesRead).hasValue(0);
  }

  @Test
  void severalStoresBecomeOneAndKeepTheirFiles() {
    Depot.Stored low = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    Depot.Stored high = exportOf(multimap().windowSize(100, 0), 4, 7, 700);
    try (TimelogStore one =
        importing().add(low.metadata(), depot, 0, 3).add(high.metadata(), depot, 4, 7).finish()) {
      assertThat(read(one.table("t"))).hasSize(4 * 500 + 4 * 700);
      Set<String> names = new HashSet<>(export(one).files());
      assertThat(names).containsAll(low.files()).containsAll(high.files());
      one.compact();
      assertThat(read(one.table("t"))).hasSize(4 * 500 + 4 * 700);
    }
  }

  @ParameterizedTest
  @EnumSource(LateEntries.class)
  void deletesOfOneStoreHideNothingOfAnother(LateEntries policy) {
    TableOptions.Builder options = multimap().windowSize(100, 0).lateEntries(policy);
    List<Depot.Stored> stored = new ArrayList<>();
    for (int group = 0; group < 3; group++) {
      try (TimelogStore store = settings().build()) {
        Table table = store.createTable(options.build());
        for (int i = 0; i < 300; i++) {
          table.append(key(group, 1), i, value(i));
        }
        store.flush();
        for (int version = 0; version < group; version++) {
          table.deleteRange(TimeRange.of(200, 210 + version));
        }
        table.deleteBefore(50L * group + 20);
        stored.add(export(store));
      }
    }
    try (TimelogStore one =
        importing()
            .add(stored.get(0).metadata(), depot, 0, 0)
            .add(stored.get(1).metadata(), depot, 1, 1)
            .add(stored.get(2).metadata(), depot, 2, 2)
            .finish()) {
      Table table = one.table("t");
      for (int round = 0; round < 2; round++) {
        assertThat(readGroups(table, 0, 0)).hasSize(280);
        assertThat(readGroups(table, 1, 1)).hasSize(230 - 10);
        assertThat(readGroups(table, 2, 2)).hasSize(180 - 11);
        assertThat(table.floor()).isEqualTo(20);
        one.flush();
        one.compact();
      }
      assertThat(table.append(key(2, 1), 205, value(1))).isTrue();
      assertThat(readGroups(table, 2, 2)).hasSize(180 - 11 + 1);
    }
  }

  @Test
  void windowsOfDifferentWidthsAreJoined() {
    List<Depot.Stored> stored = new ArrayList<>();
    long[] steps = {1, 5_000, 1L << 40};
    for (int group = 0; group < steps.length; group++) {
      try (TimelogStore store = settings().build()) {
        Table table = store.createTable(multimap().build());
        for (int i = 0; i < 600; i++) {
          table.append(key(group, i % 9), steps[group] * i - 1_000, value(i));
          if (i == 300) {
            store.flush();
          }
        }
        stored.add(export(store));
      }
    }
    StoreImport joined = importing();
    for (int group = 0; group < steps.length; group++) {
      joined.add(stored.get(group).metadata(), depot, group, group);
    }
    try (TimelogStore one = joined.finish()) {
      Table table = one.table("t");
      List<String> before = read(table);
      assertThat(before).hasSize(3 * 600);
      for (int group = 0; group < steps.length; group++) {
        table.append(key(group, 1), steps[group] * 77, value(1));
      }
      one.flush();
      one.compact();
      assertThat(read(table)).hasSize(3 * 600 + 3).containsAll(before);
    }
  }

  /** Exports a table whose only window is one run of several segments. */
  private Depot.Stored exportOfARun(TimelogStore.Builder settings) {
    try (TimelogStore store = settings.build()) {
      Table table = store.createTable(multimap().unbounded().build());
      for (int group = 0; group < 8; group++) {
        for (int i = 0; i < 2_000; i++) {
          table.append(key(group, i % 20), i, value(i));
        }
      }
      store.flush();
      store.compact();
      assertThat(table.stats().level0Segments()).isZero();
      Depot.Stored stored = export(store);
      assertThat(stored.files()).hasSizeGreaterThan(2);
      return stored;
    }
  }

  private static TimelogStore.Builder withMemory(int mebibytes) {
    return TimelogStore.builder()
        .memoryBudget(MemoryBudget.ofBytes((long) mebibytes << 20, new PoisoningSource()));
  }

  @Test
  void aRunOfSegmentsStaysOneRunWithItsFiles() {
    Depot.Stored stored = exportOfARun(withMemory(4));
    try (TimelogStore one =
        StoreImport.into(withMemory(4)).add(stored.metadata(), depot, 0, 255).finish()) {
      Table table = one.table("t");
      for (int round = 0; round < 2; round++) {
        assertThat(table.stats().level0Segments()).isZero();
        assertThat(read(table)).hasSize(8 * 2_000);
        assertThat(readGroups(table, 3, 3)).hasSize(2_000);
        assertThat(export(one).files()).isEqualTo(stored.files());
        one.compact();
      }
      table.append(key(9, 1), 5, value(1));
      table.deleteRange(TimeRange.of(0, 1_000));
      one.flush();
      one.compact();
      assertThat(read(table)).hasSize(8 * 1_000);
    }
  }

  @Test
  void aPartOfARunIsOneRun() {
    Depot.Stored stored = exportOfARun(withMemory(4));
    try (TimelogStore part =
        StoreImport.into(withMemory(4)).add(stored.metadata(), depot, 1, 5).finish()) {
      Table table = part.table("t");
      assertThat(table.stats().level0Segments()).isZero();
      assertThat(read(table)).hasSize(5 * 2_000);
      assertThat(readGroups(table, 2, 4)).hasSize(3 * 2_000);
      Depot.Stored again = export(part);
      part.compact();
      assertThat(export(part).files()).isEqualTo(again.files());
    }
  }

  @Test
  void aSegmentThatIsTooLargeForASmallerBudgetIsCut() {
    Depot.Stored stored = exportOfARun(withMemory(8));
    try (TimelogStore small =
        StoreImport.into(withMemory(4)).add(stored.metadata(), depot, 0, 255).finish()) {
      assertThat(read(small.table("t"))).hasSize(8 * 2_000);
      for (String file : export(small).files()) {
        // A segment is at most a sixty-fourth of the budget.
        assertThat(depot.files.get(file)).hasSizeLessThanOrEqualTo(64 << 10);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aRemovedRangeHidesWhatLiesFarBehindItsStart(int last) {
    Depot.Stored stored;
    try (TimelogStore store = settings().build()) {
      Table table = store.createTable(multimap().unbounded().build());
      for (int group = 0; group < 4; group++) {
        for (int i = 0; i < 500; i++) {
          table.append(key(group, 1), i, value(i));
        }
      }
      store.flush();
      table.removeRange(key(2, 1), TimeRange.of(10, 490));
      table.append(key(3, 1), 20, value(1));
      stored = export(store);
    }
    try (TimelogStore restored = importing().add(stored.metadata(), depot, 1, last).finish()) {
      Table table = restored.table("t");
      try (Cursor cursor = table.scan(key(2, 1), TimeRange.of(400, 410))) {
        assertThat(cursor.advance()).isFalse();
      }
      assertThat(readGroups(table, 2, 2)).hasSize(20);
    }
  }

  @Test
  void aTableThatWasDeclaredHasItsListener() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 0, 300);
    List<Long> dropped = new ArrayList<>();
    TableOptions options =
        multimap()
            .windowSize(100, 0)
            .dropListener((key, timestamp, subkey, value) -> dropped.add(timestamp))
            .build();
    try (TimelogStore store =
        importing()
            .table(options)
            .table(TableOptions.map("more").build())
            .add(stored.metadata(), depot, 0, Integer.MAX_VALUE)
            .finish()) {
      assertThat(store.tables()).containsExactlyInAnyOrder("t", "more");
      store.table("t").deleteBefore(150);
      store.flush();
      assertThat(dropped).hasSize(150);
    }
  }

  @Test
  void otherSettingsAreRefused() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 0, 300);
    List<TableOptions> others =
        List.of(
            multimap().windowSize(100, 1).build(),
            multimap().build(),
            multimap().windowSize(100, 0).indexTime().build(),
            multimap().windowSize(100, 0).lateEntries(LateEntries.REFUSE).build(),
            TableOptions.multimap("t").windowSize(100, 0).build(),
            TableOptions.map("t").keyGroups(KeyGroups.FIRST_BYTE).windowSize(100, 0).build());
    for (TableOptions other : others) {
      StoreImport refused = importing().table(other).add(stored.metadata(), depot, 0, 255);
      assertThatThrownBy(refused::finish)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exported=")
          .hasMessageContaining("wanted=");
    }
    assertThat(budget.usedBytes()).isZero();
    Depot.Stored map = exportOf(multimap(), 1, 1, 3);
    StoreImport unequal =
        importing().add(stored.metadata(), depot, 0, 0).add(map.metadata(), depot, 1, 1);
    assertThatThrownBy(unequal::finish).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rangesThatOverlapAreRefused() {
    Depot.Stored stored = exportOf(multimap(), 0, 9, 10);
    StoreImport some = importing().add(stored.metadata(), depot, 0, 4);
    assertThatThrownBy(() -> some.add(stored.metadata(), depot, 4, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4..9")
        .hasMessageContaining("0..4");
    assertThatThrownBy(() -> some.add(stored.metadata(), depot, 9, 8))
        .isInstanceOf(IllegalArgumentException.class);
    try (TimelogStore store = some.add(stored.metadata(), depot, 5, 9).finish()) {
      assertThat(read(store.table("t"))).hasSize(100);
    }
    assertThatThrownBy(some::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMissingFileIsNamed() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    String missing = stored.files().get(3);
    depot.files.remove(missing);
    StoreImport incomplete = importing().add(stored.metadata(), depot, 0, 3);
    assertThatThrownBy(incomplete::finish)
        .isInstanceOf(TimelogException.class)
        .hasMessageContaining("table=t")
        .hasMessageContaining(missing);
    assertThat(source.bytes()).isEqualTo(budget.usedBytes());
    assertThat(budget.usedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 500})
  void aFileOfAnotherLengthIsNamed(int more) {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    String damaged = stored.files().get(2);
    depot.files.computeIfPresent(damaged, (name, file) -> Arrays.copyOf(file, file.length + more));
    StoreImport incomplete = importing().add(stored.metadata(), depot, 0, 3);
    assertThatThrownBy(incomplete::finish)
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageContaining("wrong length")
        .hasMessageContaining(damaged);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void anotherFileInThePlaceOfOneIsFoundOut() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 0, 200);
    byte[] other = depot.files.get(stored.files().get(1));
    byte[] one = depot.files.get(stored.files().get(0));
    assertThat(one).hasSameSizeAs(other);
    depot.files.put(stored.files().get(0), other);
    StoreImport mistaken = importing().add(stored.metadata(), depot, 0, 3);
    assertThatThrownBy(mistaken::finish)
        .isInstanceOf(TimelogCorruptionException.class)
        .hasMessageContaining("not the one that was exported");
    assertThat(budget.usedBytes()).isZero();
  }

  /** Where a file of a stranger fails. */
  enum Failure {
    LENGTH,
    READ,
    READ_NOTHING,
    CLOSE
  }

  @Test
  @Timeout(60)
  void anExecutorReadsSeveralFilesAtATime() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    CyclicBarrier two = new CyclicBarrier(2);
    AtomicInteger opened = new AtomicInteger();
    FileSource files =
        name -> {
          if (opened.getAndIncrement() < 2) {
            await(two);
          }
          return depot.open(name);
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (TimelogStore store =
        importing().executor(threads).add(stored.metadata(), files, 0, 3).finish()) {
      assertThat(read(store.table("t"))).hasSize(4 * 500);
      assertThat(export(store).files()).containsExactlyInAnyOrderElementsOf(stored.files());
    } finally {
      threads.shutdown();
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IOException(e);
    }
  }

  @Test
  void anExecutorThatRefusesLeavesNothing() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    AtomicInteger left = new AtomicInteger(2);
    StoreImport refused =
        importing()
            .executor(
                piece -> {
                  if (left.getAndDecrement() == 0) {
                    throw new RejectedExecutionException("shut down");
                  }
                  piece.run();
                })
            .add(stored.metadata(), depot, 0, 3);
    assertThatThrownBy(refused::finish).isInstanceOf(RejectedExecutionException.class);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aFailureOnAnotherThreadLeavesNothing() {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    String missing = stored.files().get(3);
    depot.files.remove(missing);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      StoreImport incomplete = importing().executor(threads).add(stored.metadata(), depot, 0, 3);
      assertThatThrownBy(incomplete::finish)
          .isInstanceOf(TimelogException.class)
          .hasMessageContaining(missing);
      assertThat(budget.usedBytes()).isZero();
    } finally {
      threads.shutdown();
    }
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void aFileThatFailsIsNamedAndNothingIsLeft(Failure failure) {
    Depot.Stored stored = exportOf(multimap().windowSize(100, 0), 0, 3, 500);
    String broken = stored.files().get(2);
    FileSource files =
        name -> {
          ReadableFile file = depot.open(name);
          return name.equals(broken) ? new FailingFile(file, failure) : file;
        };
    for (int last : new int[] {3, 1}) {
      StoreImport failing = importing().add(stored.metadata(), files, 0, last);
      assertThatThrownBy(failing::finish)
          .isInstanceOf(TimelogException.class)
          .hasMessageContaining(broken)
          .hasCauseInstanceOf(IOException.class);
      assertThat(budget.usedBytes()).isZero();
    }
  }

  private record FailingFile(ReadableFile file, Failure failure) implements ReadableFile {
    @Override
    public long length() throws IOException {
      failIf(Failure.LENGTH);
      return file.length();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      failIf(Failure.READ);
      return failure == Failure.READ_NOTHING ? 0 : file.read(position, target);
    }

    @Override
    public void close() throws IOException {
      file.close();
      failIf(Failure.CLOSE);
    }

    private void failIf(Failure here) throws IOException {
      if (failure == here) {
        throw new IOException("the disk is gone");
      }
    }
  }

  @Test
  void anImportThatFindsNoMemoryLeavesNothing() {
    Depot.Stored stored = exportOf(multimap(), 0, 9, 20_000);
    PoisoningSource small = new PoisoningSource();
    MemoryBudget tooSmall = MemoryBudget.ofBytes(1 << 20, small);
    StoreImport refused =
        StoreImport.into(TimelogStore.builder().memoryBudget(tooSmall))
            .add(stored.metadata(), depot, 0, 9);
    assertThatThrownBy(refused::finish)
        .isInstanceOf(MemoryBudgetExceededException.class)
        .hasMessageContaining("table=t");
    assertThat(tooSmall.usedBytes()).isZero();
    assertThat(small.bytes()).isZero();
  }
}
