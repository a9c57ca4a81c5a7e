package io.timelog.flink.streams;

import io.timelog.flink.internal.join.JoinKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An interval join by loops over all records that were not late. */
final class PlainIntervalJoin {
  private final long lower;
  private final long upper;
  private final JoinKind kind;
  private final List<Row> left = new ArrayList<>();
  private final List<Row> right = new ArrayList<>();
  private final Set<Row> aloneAsYet = new HashSet<>();
  private long mark = Long.MIN_VALUE;

  /** With both bounds included. */
  PlainIntervalJoin(long lower, long upper, JoinKind kind) {
    this.lower = lower;
    this.upper = upper;
    this.kind = kind;
  }

  List<List<String>> results(List<Step> steps) {
    return steps.stream().map(this::results).toList();
  }

  private List<String> results(Step step) {
    List<String> results = new ArrayList<>();
    if (step instanceof Step.Left one) {
      comes(one.row(), left, "late: ", results);
    } else if (step instanceof Step.Right one) {
      comes(one.row(), right, "late right: ", results);
    } else if (step instanceof Step.Mark to) {
      mark = Math.max(mark, to.time());
      left.forEach(row -> decide(row, Math.max(upper, 0), kind.hasAllOfLeft(), row, null, results));
      right.forEach(
          row -> decide(row, Math.max(-lower, 0), kind.hasAllOfRight(), null, row, results));
    }
    return results;
  }

  private void comes(Row row, List<Row> own, String late, List<String> results) {
    if (row.time() < mark) {
      results.add(late + row + " at " + row.time());
      return;
    }
    own.add(row);
    aloneAsYet.add(row);
    if (own == left) {
      right.forEach(other -> pair(row, other, results));
    } else {
      left.forEach(other -> pair(other, row, results));
    }
  }

  private void pair(Row one, Row other, List<String> results) {
    long distance = other.time() - one.time();
    if (one.key().equals(other.key()) && lower <= distance && distance <= upper) {
      aloneAsYet.remove(one);
      aloneAsYet.remove(other);
      add(one, other, Math.max(one.time(), other.time()), results);
    }
  }

  private void decide(
      Row row, long wait, boolean wanted, Row asLeft, Row asRight, List<String> results) {
    long decided = row.time() + wait + 1;
    if (decided <= mark && aloneAsYet.remove(row) && wanted) {
      add(asLeft, asRight, decided, results);
    }
  }

  private static void add(Row one, Row other, long at, List<String> results) {
    results.add(Pairing.of(one, other, at) + " at " + at);
  }
}
