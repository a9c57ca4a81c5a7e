package io.timelog.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.Cursor;
import io.timelog.KeyGroups;
import io.timelog.LateEntries;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.StoreExport;
import io.timelog.StoreImport;
import io.timelog.Table;
import io.timelog.TableOptions;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.testing.PoisoningSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random writes and deletes to the stores of a job, each of which owns some key groups; exports at
 * random moments that are stored at random later ones; and restarts of the job from such an export
 * with other stores, each made of all old ones that have key groups of it. Always compared with a
 * sorted map for each table and store.
 */
final class CheckpointModelTest {
  private static final int GROUPS = 12;
  private static final int MEMORY = 32 << 20;

  /** Each writes some twenty entries on average; one in ten exports, restores and compares. */
  private static final int STEPS =
      Math.min(1_000, Integer.getInteger("model.operations", 220_000) / 400);

  private static final List<TableOptions> TABLES =
      List.of(
          TableOptions.multimap("adaptive").keyGroups(KeyGroups.FIRST_BYTE).build(),
          TableOptions.map("indexed")
              .keyGroups(KeyGroups.FIRST_BYTE)
              .windowSize(64, 7)
              .indexTime()
              .lateEntries(LateEntries.REFUSE)
              .build(),
          TableOptions.multimap("refusing")
              .keyGroups(KeyGroups.FIRST_BYTE)
              .windowSize(100, 0)
              .lateEntries(LateEntries.REFUSE)
              .build(),
          TableOptions.map("unbounded").keyGroups(KeyGroups.FIRST_BYTE).unbounded().build());

  /** The place of an entry; in a multimap the number of its arrival stands for the subkey. */
  private record Place(int group, int key, long timestamp, long subkey)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int order = Integer.compare(group, other.group);
      order = order == 0 ? Integer.compare(key, other.key) : order;
      order = order == 0 ? Long.compare(timestamp, other.timestamp) : order;
      return order == 0 ? Long.compare(subkey, other.subkey) : order;
    }
  }

  /** What a table must hold. */
  private static final class Model {
    final TreeMap<Place, Integer> entries = new TreeMap<>();
    long floor = Long.MIN_VALUE;

    Model copy() {
      Model copy = new Model();
      copy.entries.putAll(entries);
      copy.floor = floor;
      return copy;
    }

    Model part(int first, int last) {
      Model part = new Model();
      entries.forEach(
          (place, value) -> {
            if (first <= place.group && place.group <= last) {
              part.entries.put(place, value);
            }
          });
      part.floor = floor;
      return part;
    }
  }

  /** A store with the key groups that it owns. */
  private static final class Owner {
    final int first;
    final int last;
    final TimelogStore store;
    final List<Model> models;

    Owner(int first, int last, TimelogStore store, List<Model> models) {
      this.first = first;
      this.last = last;
      this.store = store;
      this.models = models;
    }
  }

  /** An export under way, or stored. */
  private static final class Moment {
    final int first;
    final int last;
    final StoreExport export;
    final List<Model> models;

    Moment(Owner owner, StoreExport export) {
      this.first = owner.first;
      this.last = owner.last;
      this.export = export;
      this.models = owner.models.stream().map(Model::copy).toList();
    }
  }

  private final Depot depot = new Depot();
  private final List<Owner> owners = new ArrayList<>();
  private final List<Moment> moments = new ArrayList<>();
  private long clock;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyRestoredStoreEqualsTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    owners.add(start(random));
    try {
      for (int step = 0; step < STEPS; step++) {
        Owner owner = owners.get(random.nextInt(owners.size()));
        int choice = random.nextInt(100);
        if (choice < 70) {
          for (int i = random.nextInt(40); i >= 0; i--) {
            write(owner, random);
          }
        } else if (choice < 78) {
          delete(owner, random);
        } else if (choice < 82) {
          owner.store.flush();
        } else if (choice < 84) {
          owner.store.compact();
        } else if (choice < 92) {
          moments.add(new Moment(owner, owner.store.beginExport()));
        } else if (choice < 98) {
          finishOne(random);
        } else {
          rescale(random);
        }
        if (moments.size() > 4) {
          finishOne(random);
        }
      }
      owners.forEach(CheckpointModelTest::check);
    } finally {
      moments.forEach(moment -> moment.export.close());
      owners.forEach(owner -> owner.store.close());
    }
  }

  private static TimelogStore.Builder settings(SplittableRandom random) {
    return TimelogStore.builder()
        .memoryBudget(
            MemoryBudget.ofBytes(
                random.nextInt(3) == 0 ? MEMORY / 8 : MEMORY, new PoisoningSource()))
        .maintenance(random.nextInt(3) == 0 ? Maintenance.BACKGROUND : Maintenance.DISABLED)
        .memtableMaxBytes(random.nextInt(3) == 0 ? 64 << 10 : MEMORY / 8)
        .targetPageBytes(128 << random.nextInt(5));
  }

  private static Owner start(SplittableRandom random) {
    TimelogStore store = settings(random).build();
    TABLES.forEach(store::createTable);
    return new Owner(0, GROUPS - 1, store, TABLES.stream().map(table -> new Model()).toList());
  }

  private static byte[] key(int group, int key) {
    return new byte[] {(byte) group, (byte) key};
  }

  private static byte[] subkey(long number) {
    return new byte[] {(byte) number};
  }

  private static byte[] value(int value) {
    byte[] bytes = new byte[4 + value % 13];
    bytes[0] = (byte) value;
    bytes[1] = (byte) (value >>> 8);
    bytes[2] = (byte) (value >>> 16);
    return bytes;
  }

  private void write(Owner owner, SplittableRandom random) {
    int number = random.nextInt(TABLES.size());
    Table table = owner.store.table(TABLES.get(number).name());
    Model model = owner.models.get(number);
    int group = random.nextInt(owner.first, owner.last + 1);
    int key = random.nextInt(6);
    long timestamp = ++clock / 4 + random.nextInt(-60, 60);
    if (TABLES.get(number).isMap()) {
      long subkey = random.nextInt(3);
      Place place = new Place(group, key, timestamp, subkey);
      if (random.nextInt(5) == 0) {
        List<Place> present = new ArrayList<>(model.entries.keySet());
        Place gone = present.isEmpty() ? place : present.get(random.nextInt(present.size()));
        table.remove(key(gone.group, gone.key), gone.timestamp, subkey(gone.subkey));
        model.entries.remove(gone);
      } else if (table.put(key(group, key), timestamp, subkey(subkey), value((int) clock))) {
        model.entries.put(place, (int) clock);
      } else {
        assertThat(timestamp).isLessThan(model.floor);
      }
    } else if (table.append(key(group, key), timestamp, value((int) clock))) {
      model.entries.put(new Place(group, key, timestamp, clock), (int) clock);
    } else {
      assertThat(timestamp).isLessThan(model.floor);
    }
  }

  private void delete(Owner owner, SplittableRandom random) {
    int number = random.nextInt(TABLES.size());
    Table table = owner.store.table(TABLES.get(number).name());
    Model model = owner.models.get(number);
    long first = clock / 4 - random.nextInt(300);
    long end = first + random.nextInt(120);
    switch (random.nextInt(4)) {
      case 0 -> {
        table.deleteRange(TimeRange.of(first, end));
        model.entries.keySet().removeIf(place -> first <= place.timestamp && place.timestamp < end);
      }
      case 1 -> {
        table.deleteBefore(first);
        model.entries.keySet().removeIf(place -> place.timestamp < first);
        model.floor = Math.max(model.floor, first);
      }
      default -> {
        int group = random.nextInt(owner.first, owner.last + 1);
        int key = random.nextInt(6);
        table.removeRange(key(group, key), TimeRange.of(first, end));
        model
            .entries
            .keySet()
            .removeIf(
                place ->
                    place.group == group
                        && place.key == key
                        && first <= place.timestamp
                        && place.timestamp < end);
      }
    }
  }

  /** Stores an export, or gives it up, and compares what is restored from it. */
  private void finishOne(SplittableRandom random) {
    if (moments.isEmpty()) {
      return;
    }
    Moment moment = moments.remove(random.nextInt(moments.size()));
    try (StoreExport export = moment.export) {
      if (random.nextInt(8) == 0) {
        return;
      }
      Depot.Stored stored = depot.store(export);
      int first = random.nextInt(moment.first, moment.last + 1);
      int last = random.nextInt(first, moment.last + 1);
      for (int[] range : new int[][] {{moment.first, moment.last}, {first, last}}) {
        try (TimelogStore restored =
            StoreImport.into(settings(random))
                .add(stored.metadata(), depot, range[0], range[1])
                .finish()) {
          check(
              new Owner(
                  range[0],
                  range[1],
                  restored,
                  moment.models.stream().map(model -> model.part(range[0], range[1])).toList()));
        }
      }
    }
  }

  /** Ends all stores and goes on with others that own the same key groups in other ranges. */
  private void rescale(SplittableRandom random) {
    List<Depot.Stored> stored = new ArrayList<>();
    for (Owner owner : owners) {
      try (StoreExport export = owner.store.beginExport()) {
        stored.add(depot.store(export));
      }
    }
    List<Owner> next = new ArrayList<>();
    int first = 0;
    while (first < GROUPS) {
      int last = random.nextInt(3) == 0 ? GROUPS - 1 : random.nextInt(first, GROUPS);
      next.add(restore(first, last, stored, random));
      first = last + 1;
    }
    // What is written can be stored when its store is closed.
    moments.forEach(moment -> moment.export.write());
    owners.forEach(owner -> owner.store.close());
    owners.clear();
    owners.addAll(next);
    owners.forEach(CheckpointModelTest::check);
  }

  private Owner restore(int first, int last, List<Depot.Stored> stored, SplittableRandom random) {
    StoreImport restore = StoreImport.into(settings(random));
    List<Model> models = new ArrayList<>();
    TABLES.forEach(table -> models.add(new Model()));
    models.forEach(model -> model.floor = Long.MAX_VALUE);
    for (int i = 0; i < owners.size(); i++) {
      Owner owner = owners.get(i);
      int from = Math.max(first, owner.first);
      int to = Math.min(last, owner.last);
      if (from <= to) {
        restore.add(stored.get(i).metadata(), depot, from, to);
        for (int table = 0; table < models.size(); table++) {
          Model part = owner.models.get(table).part(from, to);
          models.get(table).entries.putAll(part.entries);
          models.get(table).floor = Math.min(models.get(table).floor, part.floor);
        }
      }
    }
    return new Owner(first, last, restore.finish(), models);
  }

  private static void check(Owner owner) {
    for (int number = 0; number < TABLES.size(); number++) {
      Table table = owner.store.table(TABLES.get(number).name());
      Model model = owner.models.get(number);
      assertThat(table.floor()).as(table.name()).isEqualTo(model.floor);
      TreeMap<Place, Integer> left = new TreeMap<>(model.entries);
      for (int group = 0; group < GROUPS; group++) {
        for (int key = 0; key < 6; key++) {
          checkKey(table, group, key, left);
        }
      }
      assertThat(left).as("%s lacks", table.name()).isEmpty();
      int count = 0;
      try (Cursor cursor = table.scanAll(TimeRange.all())) {
        while (cursor.advance()) {
          count++;
        }
      }
      assertThat(count).as(table.name()).isEqualTo(model.entries.size());
      checkShortRanges(table, model);
    }
  }

  /**
   * Far from the start of a window, where tombstones are looked for that begin before the range.
   */
  private static void checkShortRanges(Table table, Model model) {
    long newest = model.entries.keySet().stream().mapToLong(Place::timestamp).max().orElse(0);
    for (long first = newest - 300; first < newest; first += 90) {
      long from = first;
      for (int group = 0; group < GROUPS; group++) {
        for (int key = 0; key < 6; key++) {
          int count = 0;
          try (Cursor cursor = table.scan(key(group, key), TimeRange.of(from, from + 10))) {
            while (cursor.advance()) {
              count++;
            }
          }
          Place start = new Place(group, key, from, Long.MIN_VALUE);
          Place end = new Place(group, key, from + 10, Long.MIN_VALUE);
          assertThat(count).as(table.name()).isEqualTo(model.entries.subMap(start, end).size());
        }
      }
    }
  }

  private static void checkKey(Table table, int group, int key, NavigableMap<Place, Integer> left) {
    try (Cursor cursor = table.scan(key(group, key), TimeRange.all())) {
      while (cursor.advance()) {
        Place place = new Place(group, key, Long.MIN_VALUE, 0);
        Place expected = left.ceilingKey(place);
        assertThat(expected).as("%s has too much", table.name()).isNotNull();
        assertThat(new int[] {group, key}).isEqualTo(new int[] {expected.group, expected.key});
        assertThat(cursor.timestamp())
            .as("%s %s", table.name(), expected)
            .isEqualTo(expected.timestamp);
        byte[] value = value(left.remove(expected));
        assertThat(Arrays.equals(cursor.value(), value))
            .as("%s %s", table.name(), expected)
            .isTrue();
      }
    }
  }
}
