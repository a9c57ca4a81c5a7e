package io.timelog.internal.engine;

import io.timelog.internal.view.Source;
import java.util.List;

/**
 * The windows that were sealed together and are flushed together.
 *
 * @param parts each a sealed source and who flushes it
 */
record SealedRun(List<Part> parts) {
  SealedRun {
    parts = List.copyOf(parts);
  }

  /** One window of the run. */
  record Part(TableMaintenance maintenance, Source source) {}
}
