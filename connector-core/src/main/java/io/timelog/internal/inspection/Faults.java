package io.timelog.internal.inspection;

import io.timelog.TimelogCorruptionException;
import io.timelog.VerificationReport;
import io.timelog.VerificationReport.Fault;
import io.timelog.VerificationReport.Loss;
import java.util.ArrayList;
import java.util.List;

/** What was found wrong. However much that is, memory for it is bounded. */
final class Faults {
  private final List<Fault> first = new ArrayList<>();
  private long omitted;

  void add(String file, long offset, String problem, Loss loss) {
    if (first.size() < VerificationReport.MAX_FAULTS) {
      first.add(new Fault(file, offset, problem, loss));
    } else {
      omitted++;
    }
  }

  void add(TimelogCorruptionException damage, Loss loss) {
    add(damage.file(), damage.offset(), damage.problem(), loss);
  }

  List<Fault> first() {
    return first;
  }

  long omitted() {
    return omitted;
  }
}
