package io.timelog.kafka.internal.durability;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.StoreLockedException;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.kafka.TimelogStoreConfig;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;

/** Why a directory cannot be the home of a store, in words for whoever has to mend it. */
final class OpeningRefused {
  private final Path directory;
  private final StoreTerms terms;

  /** Refusals of a directory to a store of these terms. */
  OpeningRefused(Path directory, StoreTerms terms) {
    this.directory = directory;
    this.terms = terms;
  }

  /** By the engine. */
  ProcessorStateException by(TimelogException cause) {
    return because(cause, adviceAfter(cause));
  }

  private String adviceAfter(TimelogException cause) {
    if (cause instanceof StoreLockedException) {
      return "Give every application, and every instance of it on this machine, a state.dir of its"
          + " own.";
    }
    if (cause instanceof TimelogCorruptionException) {
      return switch (terms.backing()) {
        case CHANGELOG, TOPIC ->
            "Delete the directory, and the store is restored from its changelog.";
        case NOTHING -> "The store has no changelog: put a copy of the directory in its place.";
      };
    }
    if (cause instanceof MemoryBudgetExceededException) {
      return "Raise "
          + TimelogStoreConfig.MEMORY_BUDGET_BYTES
          + ", or give the instance fewer tasks; nothing of the store is lost.";
    }
    return "Nothing of the store is lost.";
  }

  /** Because the last commit is none of Kafka Streams, or of a later version of Timelog. */
  ProcessorStateException unreadable(IllegalArgumentException cause) {
    return because(
        cause,
        "Run the version that wrote it; or delete the directory, and the store is restored from"
            + " its changelog, if it has one.");
  }

  private ProcessorStateException because(RuntimeException cause, String advice) {
    return new ProcessorStateException(
        "The store cannot be opened: "
            + terms.identity()
            + ", directory="
            + directory
            + ", cause="
            + cause.getMessage()
            + ". "
            + advice,
        cause);
  }

  /** Because the directory is that of another store. */
  ProcessorStateException ofAnother(StoreIdentity found) {
    return new ProcessorStateException(
        "The directory is that of another store: "
            + terms.identity()
            + ", found=["
            + found
            + "], directory="
            + directory
            + ". Put it back where it belongs; or delete it, and the store is restored from its"
            + " changelog, if it has one.");
  }

  /** Because the entries were made with other settings, and come from nowhere again. */
  ProcessorStateException irreplaceable(String foundLayout) {
    return new ProcessorStateException(
        "The store was made with other settings, and has no changelog to be restored from: "
            + difference(foundLayout)
            + ". Set them back; or delete the directory, and the store begins empty.");
  }

  /** What the store is and what was found, side by side. */
  String difference(String foundLayout) {
    return terms.identity()
        + ", layout=["
        + terms.layout()
        + "], found=["
        + foundLayout
        + "], directory="
        + directory;
  }

  /** Because the directory is not any more as it was when the store came to it. */
  ProcessorStateException changed() {
    return new ProcessorStateException(
        "Somebody has written to the directory since the store was initialized: "
            + terms.identity()
            + ", directory="
            + directory
            + ". Give every application, and every instance of it on this machine, a state.dir of"
            + " its own.");
  }
}
