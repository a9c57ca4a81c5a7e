package io.timelog.model;

import io.timelog.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of a workload and copies of them at the moments of its snapshots. */
final class ModelStore {
  /** What an entry takes beside its bytes, generously. */
  private static final long ENTRY_BYTES = 100;

  private final Workload workload;
  private List<ModelTable> latest;
  private final Map<Integer, List<ModelTable>> snapshots = new HashMap<>();

  ModelStore(Workload workload) {
    this.workload = workload;
    latest = new ArrayList<>();
    for (int table = 0; table < workload.tables().size(); table++) {
      latest.add(emptyTable(table));
    }
  }

  private ModelTable emptyTable(int table) {
    TableSpec spec = workload.tables().get(table);
    return new ModelTable(spec.rule(), spec.lateEntries(), spec::groupOf);
  }

  /** A new table in the place of one; snapshots keep theirs. */
  void dropTable(int table) {
    latest.set(table, emptyTable(table));
  }

  /** About how much memory the entries of all tables need. */
  long liveBytes() {
    return latest.stream().mapToLong(table -> table.bytes() + table.size() * ENTRY_BYTES).sum();
  }

  ModelTable table(int table) {
    return latest.get(table);
  }

  /** Applies a write; false if it is late and refused. */
  boolean write(Operation.Write write) {
    ModelTable table = latest.get(write.table());
    if (write instanceof Operation.Append append) {
      return table.append(append.key(), append.timestamp(), append.value());
    }
    if (write instanceof Operation.Put put) {
      return table.put(put.key(), put.timestamp(), put.subkey(), put.value());
    }
    if (write instanceof Operation.Replace replace) {
      return table.replaceAll(replace.key(), replace.timestamp(), replace.items());
    }
    if (write instanceof Operation.Remove remove) {
      table.remove(remove.key(), remove.timestamp(), remove.subkey());
    } else if (write instanceof Operation.RemoveRange remove) {
      table.removeRange(remove.key(), remove.range());
    } else if (write instanceof Operation.DeleteRange delete) {
      table.deleteRange(delete.range());
    } else if (write instanceof Operation.DeleteBefore delete) {
      table.deleteBefore(delete.cutoff());
    }
    return true;
  }

  void openSnapshot(int snapshot) {
    snapshots.put(snapshot, latest.stream().map(ModelTable::copy).toList());
  }

  /** Makes a snapshot, which stays as it is, what is there now. */
  void goBackTo(int snapshot) {
    List<ModelTable> then = snapshots.getOrDefault(snapshot, List.of());
    latest = new ArrayList<>(then.stream().map(ModelTable::copy).toList());
  }

  void closeSnapshot(int snapshot) {
    snapshots.remove(snapshot);
  }

  /** Null if the snapshot was never opened. */
  @Nullable Answer answer(@Nullable Integer snapshot, Query query) {
    List<ModelTable> tables = snapshot == null ? latest : snapshots.get(snapshot);
    return tables == null ? null : answer(tables.get(query.table()), query);
  }

  private static Answer answer(ModelTable table, Query query) {
    if (query instanceof Query.Get get) {
      ModelEntry found = table.get(get.key(), get.timestamp(), get.subkey());
      return new Answer.Value(found == null ? null : found.value());
    }
    if (query instanceof Query.Count count) {
      return new Answer.Count(table.scan(count.key(), count.range()).size());
    }
    if (query instanceof Query.OfKey scan) {
      return new Answer.Entries(table.scan(scan.key(), scan.range()));
    }
    if (query instanceof Query.InTimeOrder scan) {
      return new Answer.Entries(table.scanAll(scan.range()));
    }
    if (query instanceof Query.InKeyOrder scan) {
      return new Answer.Entries(
          table.scanAll(scan.range()).stream().filter(scan::contains).toList());
    }
    if (query instanceof Query.OfKeys scan) {
      return new Answer.Entries(
          table.scanAll(scan.range()).stream().filter(scan::contains).toList());
    }
    if (query instanceof Query.Keys scan) {
      return new Answer.Entries(table.scanAll(scan.range()));
    }
    if (query instanceof Query.OfGroups scan) {
      return new Answer.Entries(
          table.scanAll(scan.range()).stream().filter(scan::contains).toList());
    }
    return new Answer.Extremes(table.minTimestamp(), table.maxTimestamp());
  }

  /** Everything in a table, oldest first; null if the snapshot was never opened. */
  @Nullable List<ModelEntry> all(@Nullable Integer snapshot, int table) {
    List<ModelTable> tables = snapshot == null ? latest : snapshots.get(snapshot);
    return tables == null ? null : tables.get(table).scanAll(TimeRange.all());
  }
}
