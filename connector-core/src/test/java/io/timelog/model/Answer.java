package io.timelog.model;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the model says to a query. */
sealed interface Answer {
  /** To {@link Query.Get}. */
  record Value(@Nullable Bytes value) implements Answer {}

  /** To {@link Query.Count}. */
  record Count(long count) implements Answer {}

  /** To {@link Query.Extremes}. */
  record Extremes(OptionalLong min, OptionalLong max) implements Answer {}

  /** To a {@link Query.Scan}: oldest first, whatever the order of the scan. */
  record Entries(List<ModelEntry> entries) implements Answer {}
}
