package io.timelog.benchmarks.flink;

import io.timelog.benchmarks.workload.CpuClock;
import java.util.ArrayList;
import java.util.List;

/** Weighs the operations on one state of one backend. For one thread. */
final class StateCells {
  /** What an operation is expected to cost RocksDB at least, as a multiple of Timelog's cost. */
  enum Bar {
    /** Of what has to do with time or order of arrival. */
    TIME(10),
    /** Of anything else. */
    OTHER(3);

    private final int rocksDbAtLeast;

    Bar(int rocksDbAtLeast) {
      this.rocksDbAtLeast = rocksDbAtLeast;
    }
  }

  /** One operation on the current state; returns something of what it read. */
  @FunctionalInterface
  interface Operation {
    long apply(int number) throws Exception;
  }

  private final BackendKind backend;
  private final StateShape shape;
  private final int size;
  private final List<Cell> cells = new ArrayList<>();

  StateCells(BackendKind backend, StateShape shape, int size) {
    this.backend = backend;
    this.shape = shape;
    this.size = size;
  }

  private static final class Cell {
    private final String operation;
    private final Bar bar;
    private long nanos;
    private long units;
    private long checksum;

    Cell(String operation, Bar bar) {
      this.operation = operation;
      this.bar = bar;
    }
  }

  /**
   * Does an operation many times, and adds that to what its name has cost so far.
   *
   * @param unitsPerOperation what the cost of one is divided by
   */
  void weigh(String name, Bar bar, double unitsPerOperation, int times, Operation operation)
      throws Exception {
    Cell cell = cell(name, bar);
    long sum = 0;
    long start = CpuClock.threadNanos();
    for (int i = 0; i < times; i++) {
      sum += operation.apply(i);
    }
    cell.nanos += CpuClock.threadNanos() - start;
    cell.units += Math.round(unitsPerOperation * times);
    cell.checksum += sum;
  }

  private Cell cell(String name, Bar bar) {
    for (Cell cell : cells) {
      if (cell.operation.equals(name)) {
        return cell;
      }
    }
    Cell cell = new Cell(name, bar);
    cells.add(cell);
    return cell;
  }

  /** What all operations have cost. */
  List<StateCost> costs() {
    return cells.stream()
        .map(
            cell ->
                new StateCost(
                    backend.id(),
                    shape.id(),
                    size,
                    cell.operation,
                    cell.bar.rocksDbAtLeast,
                    (double) cell.nanos / Math.max(1, cell.units),
                    cell.checksum))
        .toList();
  }
}
