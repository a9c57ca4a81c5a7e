package io.timelog.model;

import io.timelog.TimeRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An endless stream of operations that depends on nothing but the seed and the workload, so that a
 * failure can be had again, cut short and told.
 */
final class OperationGenerator {
  /*
   * Most operations are writes. Reads aim at what was written lately, because there is little to
   * learn from entries that are not there. What costs time in proportion to all keys or all entries
   * is rarer the more of them there are: the point is many operations, not long ones.
   */
  private static final int MAX_SNAPSHOTS = 4;
  private static final int MAX_CURSORS = 8;
  private static final int RECENT = 256;
  private static final int OPERATIONS_PER_TABLE_DROP = 15_000;

  /** With fewer entries in all, a snapshot costs so little that many can be opened and compared. */
  private static final int FEW_ENTRIES = 500;

  private final SplittableRandom random;
  private final TableState[] tables;
  private final ArrayDeque<Integer> snapshots = new ArrayDeque<>();
  private final ArrayDeque<Integer> cursors = new ArrayDeque<>();
  private final ArrayDeque<Operation> pending = new ArrayDeque<>();
  private final boolean manySnapshots;
  private int ids;
  private long sequence;

  OperationGenerator(long seed, Workload workload) {
    this.random = new SplittableRandom(seed);
    this.manySnapshots = workload.liveEntries() < FEW_ENTRIES;
    this.tables = new TableState[workload.tables().size()];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = new TableState(i, workload.tables().get(i), random.split());
    }
  }

  Operation next() {
    Operation due = pending.poll();
    if (due != null) {
      return due;
    }
    TableState table = tables[random.nextInt(tables.length)];
    if (random.nextInt(OPERATIONS_PER_TABLE_DROP) == 0) {
      return new Operation.DropTable(table.index);
    }
    if (manySnapshots && random.nextInt(20) == 0) {
      return random.nextBoolean() ? openSnapshot(table) : closeSnapshot(table);
    }
    int roll = random.nextInt(10_000);
    if ((roll -= 8_550) < 0) {
      return table.write();
    }
    if ((roll -= 750) < 0) {
      return new Operation.Read(snapshotOrLatest(), table.narrowQuery());
    }
    if ((roll -= 20) < 0) {
      if (chance(table.allKeysCost())) {
        return table.write();
      }
      return new Operation.Read(
          snapshotOrLatest(),
          random.nextInt(5) == 0 ? new Query.Extremes(table.index) : table.broadQuery());
    }
    if ((roll -= 250) < 0) {
      return table.remove();
    }
    if ((roll -= 60) < 0) {
      return table.deleteRange();
    }
    if ((roll -= 60) < 0) {
      return table.deleteBefore();
    }
    if ((roll -= 200) < 0) {
      return advanceCursor(table);
    }
    if ((roll -= 50) < 0) {
      return openCursor(table);
    }
    if ((roll -= 5) < 0) {
      return openSnapshot(table);
    }
    if ((roll -= 5) < 0) {
      return closeSnapshot(table);
    }
    if ((roll -= 1) < 0) {
      return chance(table.allEntriesCost())
          ? table.write()
          : new Operation.ReadAll(snapshotOrLatest(), table.index);
    }
    return new Operation.Maintain(random.nextInt(1_000));
  }

  /** True all the more often the larger {@code cost} is; never for a cost of at most 1. */
  private boolean chance(double cost) {
    return random.nextDouble() * cost > 1;
  }

  private @Nullable Integer snapshotOrLatest() {
    return snapshots.isEmpty() || random.nextInt(4) != 0 ? null : any(snapshots);
  }

  private Operation openSnapshot(TableState table) {
    if (snapshots.size() == MAX_SNAPSHOTS) {
      return closeSnapshot(table);
    }
    snapshots.addLast(++ids);
    return new Operation.OpenSnapshot(ids);
  }

  private Operation closeSnapshot(TableState table) {
    if (snapshots.isEmpty()) {
      return table.write();
    }
    Integer closed = any(snapshots);
    snapshots.remove(closed);
    Operation close = new Operation.CloseSnapshot(closed);
    if (chance(manySnapshots ? 4 : table.allEntriesCost())) {
      return close;
    }
    // However long it was open, it still shows what it showed at first.
    pending.add(close);
    return new Operation.ReadAll(closed, table.index);
  }

  private Operation openCursor(TableState table) {
    Query.Scan query = chance(2 * table.allKeysCost()) ? table.keyScan() : table.broadQuery();
    if (cursors.size() == MAX_CURSORS) {
      return new Operation.CloseCursor(cursors.removeFirst());
    }
    cursors.addLast(++ids);
    return new Operation.OpenCursor(ids, snapshotOrLatest(), query);
  }

  private Operation advanceCursor(TableState table) {
    return cursors.isEmpty()
        ? openCursor(table)
        : new Operation.Advance(any(cursors), 1 << random.nextInt(10));
  }

  private int any(ArrayDeque<Integer> open) {
    int skip = random.nextInt(open.size());
    for (int id : open) {
      if (skip-- == 0) {
        return id;
      }
    }
    throw new AssertionError("Unreachable");
  }

  /** What the generator remembers of one table. */
  private final class TableState {
    private final int index;
    private final TableSpec spec;
    private final Bytes[] keys;
    private final TimeSource times;
    private final byte[] noise;
    private final Recent[] recent = new Recent[RECENT];
    private long writes;
    private long sweeps;

    TableState(int index, TableSpec spec, SplittableRandom setup) {
      this.index = index;
      this.spec = spec;
      keys = spec.keys(setup);
      times = new TimeSource(spec.times(), spec.tick(), spec.liveEntries(), setup.split());
      noise = new byte[2 * spec.maxValueBytes() + Long.BYTES];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (byte) setup.nextInt(256);
      }
      recent[0] = new Recent(keys[0], times.now(), Bytes.EMPTY);
    }

    /** How much dearer a visit of all keys is than it should be at every chance to make one. */
    double allKeysCost() {
      return 0.5 + spec.keyCount() / 100.0;
    }

    double allEntriesCost() {
      return 0.5 + spec.liveEntries() / 2_000.0;
    }

    Operation write() {
      if (spec.liveEntries() < ++writes) {
        writes = 0;
        return sweep();
      }
      if (random.nextInt(40) == 0) {
        return replace();
      }
      Recent target = nextTarget();
      recent[random.nextInt(RECENT)] = target;
      Bytes value = value();
      return spec.rule() == Rule.MULTIMAP
          ? new Operation.Append(index, target.key, target.timestamp, value)
          : new Operation.Put(index, target.key, target.timestamp, target.subkey, value);
    }

    /** Replaces all of one place, mostly by a few entries. */
    private Operation replace() {
      Recent target = random.nextInt(3) == 0 ? nextTarget() : anyRecent();
      int most = random.nextInt(10) == 0 ? Math.min(200, spec.liveEntries() / 10) : 4;
      List<Operation.Item> items = new ArrayList<>();
      for (int i = random.nextInt(most + 1); i > 0; i--) {
        items.add(new Operation.Item(subkey(), value()));
      }
      writes += items.size();
      return new Operation.Replace(index, target.key, target.timestamp, items);
    }

    /** Keeps the table at its size, whatever the timestamps are. */
    private Operation sweep() {
      return switch (spec.times()) {
        case HOSTILE ->
            ++sweeps % 4 == 0
                ? new Operation.DeleteRange(index, TimeRange.all())
                : new Operation.DeleteRange(
                    index, TimeRange.closed(times.now() / 2, Long.MAX_VALUE));
        case TIMELESS ->
            ++sweeps % 4 == 0
                ? new Operation.DeleteRange(index, TimeRange.at(0))
                : new Operation.RemoveRange(index, key(), TimeRange.all());
        default -> new Operation.DeleteBefore(index, times.now() - times.span());
      };
    }

    private Recent nextTarget() {
      if (random.nextInt(20) == 0) {
        Recent known = anyRecent();
        return random.nextBoolean() ? known : new Recent(key(), known.timestamp, subkey());
      }
      return new Recent(key(), times.next(), subkey());
    }

    Operation remove() {
      Recent target = anyRecent();
      return spec.rule() == Rule.MAP && random.nextInt(4) != 0
          ? new Operation.Remove(index, target.key, target.timestamp, target.subkey)
          : new Operation.RemoveRange(index, target.key, narrowRange());
    }

    Operation deleteRange() {
      return new Operation.DeleteRange(
          index, random.nextInt(500) == 0 ? broadRange() : narrowRange());
    }

    Operation deleteBefore() {
      if (spec.times() == TimePattern.TIMELESS) {
        return new Operation.DeleteBefore(index, -random.nextLong(2) * random.nextInt(100));
      }
      if (spec.times() == TimePattern.HOSTILE) {
        long cutoff = random.nextInt(50) == 0 ? anyRecent().timestamp : random.nextLong() >> 1;
        return new Operation.DeleteBefore(index, Math.min(cutoff, times.now()));
      }
      long age = times.span() / 2 + random.nextLong(times.span());
      return new Operation.DeleteBefore(index, times.now() - age);
    }

    Query narrowQuery() {
      Recent target =
          random.nextInt(10) == 0 ? new Recent(key(), times.now(), subkey()) : anyRecent();
      int roll = random.nextInt(100);
      if (spec.rule() == Rule.MAP && (roll -= 40) < 0) {
        return new Query.Get(index, target.key, target.timestamp, target.subkey);
      }
      if ((roll -= 20) < 0) {
        return new Query.Count(index, target.key, narrowRange());
      }
      return keyScan();
    }

    Query.Scan keyScan() {
      Bytes key = anyRecent().key;
      boolean broad = random.nextInt(50) == 0;
      return new Query.OfKey(index, key, broad ? broadRange() : narrowRange(), direction());
    }

    Query.Scan broadQuery() {
      TimeRange range = random.nextInt(4) == 0 ? broadRange() : narrowRange();
      return switch (random.nextInt(6)) {
        case 0 -> {
          int first = random.nextInt(3) == 0 ? 0 : spec.groupOf(anyRecent().key);
          int last = random.nextInt(3) == 0 ? spec.lastGroup() : spec.groupOf(anyRecent().key);
          yield new Query.OfGroups(
              index, Math.min(first, last), Math.max(first, last), range, direction());
        }
        case 1 -> {
          Bytes first = random.nextInt(3) == 0 ? null : anyRecent().key;
          Bytes last = random.nextInt(3) == 0 ? null : anyRecent().key;
          yield random.nextBoolean()
              ? new Query.InKeyOrder(index, first, last, range, direction())
              : new Query.OfKeys(index, first, last, range, direction());
        }
        case 2 -> new Query.Keys(index, range, direction());
        default -> new Query.InTimeOrder(index, range, direction());
      };
    }

    private Direction direction() {
      return random.nextBoolean() ? Direction.FORWARD : Direction.BACKWARD;
    }

    private TimeRange narrowRange() {
      long width = Math.max(1, times.span() >> (4 + random.nextInt(12)));
      long middle = anyRecent().timestamp;
      long start = middle - random.nextLong(width + 1);
      long end = start + random.nextLong(width + 2);
      return switch (random.nextInt(20)) {
        case 0 -> TimeRange.since(middle);
        case 1 -> TimeRange.at(middle);
        case 2 -> TimeRange.closed(Math.min(start, middle), middle);
        case 3 -> TimeRange.empty();
        // At the ends of long the sums above wrap around; that leaves a valid range all the same.
        default -> TimeRange.of(start, end);
      };
    }

    private TimeRange broadRange() {
      return switch (random.nextInt(4)) {
        case 0 -> TimeRange.all();
        case 1 -> TimeRange.since(anyRecent().timestamp);
        case 2 -> TimeRange.until(anyRecent().timestamp);
        default -> TimeRange.closed(times.now() - times.span() / 2, times.now());
      };
    }

    private Recent anyRecent() {
      Recent found = recent[random.nextInt(RECENT)];
      return found == null ? recent[0] : found;
    }

    /** Some keys are far more frequent than others. */
    private Bytes key() {
      double uniform = random.nextDouble();
      return keys[(int) (uniform * uniform * keys.length)];
    }

    private Bytes subkey() {
      if (spec.rule() == Rule.MULTIMAP || random.nextBoolean()) {
        return Bytes.EMPTY;
      }
      byte[] bytes = new byte[1 + random.nextInt(3)];
      bytes[bytes.length - 1] = (byte) random.nextInt(-2, 3);
      return Bytes.of(bytes);
    }

    /** Noise that starts with the number of the write, as far as there is room. */
    private Bytes value() {
      int length = spec.valueSizes().next(spec.maxValueBytes(), random);
      int offset = random.nextInt(spec.maxValueBytes() + 1);
      byte[] bytes = new byte[length];
      System.arraycopy(noise, offset, bytes, 0, length);
      long number = ++sequence;
      for (int i = Math.min(length, Long.BYTES) - 1; i >= 0; i--, number >>>= 8) {
        bytes[i] = (byte) number;
      }
      return Bytes.of(bytes);
    }
  }

  private record Recent(Bytes key, long timestamp, Bytes subkey) {}
}
