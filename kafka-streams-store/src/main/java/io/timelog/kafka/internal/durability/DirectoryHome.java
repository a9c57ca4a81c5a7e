package io.timelog.kafka.internal.durability;

import io.timelog.MemoryBudgetExceededException;
import io.timelog.StoreLockedException;
import io.timelog.TimelogCorruptionException;
import io.timelog.TimelogException;
import io.timelog.TimelogStore;
import io.timelog.kafka.TimelogStoreConfig;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entries in a directory, which are there again as they were committed last. */
public final class DirectoryHome implements StoreHome {
  /*
   * While a task is restored, Kafka Streams commits its stores as often as the application commits,
   * which may be ten times a second. Where a commit writes segments and waits for the disk, that
   * would cost more than the restore, so a commit waits there until enough has changed. Another one
   * takes its place, and what changes meanwhile ends it. One that still stands when the store is
   * closed is made then: so a store that is closed in order has all that was committed.
   *
   * The first one does not wait, because Kafka Streams takes a directory without a committed offset
   * for the traces of a crash.
   */
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryHome.class);

  /** So many bytes may have to be restored again rather than be committed on their own. */
  private static final long WORTH_A_COMMIT = 16 << 20;

  /** After so many bytes it is worth looking whether segments are to be merged. */
  private static final long WORTH_UPKEEP = 4 << 20;

  private final TimelogStore engine;
  private final StoreTerms terms;
  private final StoreFacts found;

  /** Partitions of which the last commit has an offset. */
  private Set<TopicPartition> claimed;

  private long changedSinceCommit;
  private long changedSinceUpkeep;

  /** A commit that was put off, and of which everything is still true. */
  private volatile byte @Nullable [] waiting;

  private DirectoryHome(TimelogStore engine, StoreTerms terms, StoreFacts found) {
    this.engine = engine;
    this.terms = terms;
    this.found = found;
    this.claimed = found.offsets().keySet();
  }

  /**
   * Opens what was committed to a directory, or begins there.
   *
   * <p>Entries that the store cannot have made, or that would be restored a second time, are given
   * up if there is a changelog: those of another layout, and those without an offset.
   *
   * @param settings of the engine, whose commit log is set here
   * @throws ProcessorStateException if the directory cannot be had or is damaged, or is that of
   *     another store, or has what cannot be restored from anywhere and cannot be read; it says
   *     what to do, and nothing was changed
   */
  public static DirectoryHome open(
      Path directory, TimelogStore.Builder settings, StoreTerms terms) {
    TimelogStore engine = openEngine(directory, settings.commitLog(terms.rhythm().log()), terms);
    try {
      return new DirectoryHome(engine, terms, factsThatHold(engine, directory, terms));
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  private static TimelogStore openEngine(
      Path directory, TimelogStore.Builder settings, StoreTerms terms) {
    try {
      return TimelogStore.open(directory, settings);
    } catch (StoreLockedException e) {
      throw refused(
          directory,
          terms,
          e,
          "Give every application, and every instance of it on this machine, a state.dir of its own.");
    } catch (TimelogCorruptionException e) {
      throw refused(
          directory,
          terms,
          e,
          switch (terms.backing()) {
            case CHANGELOG -> "Delete the directory, and the store is restored from its changelog.";
            case NOTHING -> "The store has no changelog: put a copy of the directory in its place.";
          });
    } catch (MemoryBudgetExceededException e) {
      throw refused(
          directory,
          terms,
          e,
          "Raise "
              + TimelogStoreConfig.MEMORY_BUDGET_BYTES
              + ", or give the instance fewer tasks; nothing of the store is lost.");
    } catch (TimelogException e) {
      throw refused(directory, terms, e, "Nothing of the store is lost.");
    }
  }

  private static ProcessorStateException refused(
      Path directory, StoreTerms terms, RuntimeException cause, String advice) {
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

  private static StoreFacts factsThatHold(TimelogStore engine, Path directory, StoreTerms terms) {
    byte[] committed = engine.committedToken().orElse(null);
    if (committed == null) {
      return StoreFacts.NONE;
    }
    StoreToken token = decode(committed, directory, terms);
    if (!token.identity().equals(terms.identity())) {
      throw new ProcessorStateException(
          "The directory is that of another store: "
              + terms.identity()
              + ", found=["
              + token.identity()
              + "], directory="
              + directory
              + ". Put it back where it belongs; or delete it, and the store is restored from its"
              + " changelog, if it has one.");
    }
    if (!token.layout().equals(terms.layout())) {
      return ofOtherLayout(engine, token, directory, terms);
    }
    if (terms.backing() == Backing.CHANGELOG && !token.facts().claimsAnything()) {
      // A restore begins at the beginning, and would bring duplicates a second time.
      giveUpEntries(engine);
      return token.facts().withoutEntries();
    }
    return token.facts();
  }

  private static StoreToken decode(byte[] committed, Path directory, StoreTerms terms) {
    try {
      return StoreToken.decode(committed);
    } catch (IllegalArgumentException e) {
      throw refused(
          directory,
          terms,
          e,
          "Run the version that wrote it; or delete the directory, and the store is restored from"
              + " its changelog, if it has one.");
    }
  }

  private static StoreFacts ofOtherLayout(
      TimelogStore engine, StoreToken token, Path directory, StoreTerms terms) {
    String difference =
        terms.identity()
            + ", layout=["
            + terms.layout()
            + "], found=["
            + token.layout()
            + "], directory="
            + directory;
    return switch (terms.backing()) {
      case NOTHING ->
          throw new ProcessorStateException(
              "The store was made with other settings, and has no changelog to be restored from: "
                  + difference
                  + ". Set them back; or delete the directory, and the store begins empty.");
      case CHANGELOG -> {
        LOG.warn(
            "The store was made with other settings, and is restored from its changelog. {}",
            difference);
        giveUpEntries(engine);
        yield token.facts().withoutEntries();
      }
    };
  }

  /** With the next commit; until then a crash finds them again, and they are given up again. */
  private static void giveUpEntries(TimelogStore engine) {
    engine.tables().forEach(engine::dropTable);
  }

  @Override
  public TimelogStore engine() {
    return engine;
  }

  @Override
  public StoreFacts found() {
    return found;
  }

  @Override
  public void beforeChange(long bytes) {
    changedSinceCommit += bytes;
    changedSinceUpkeep += bytes;
    if (waiting != null) {
      waiting = null;
    }
  }

  @Override
  public void commit(Supplier<StoreFacts> facts) {
    StoreFacts now = facts.get();
    byte[] token = new StoreToken(terms.identity(), terms.layout(), now).encode();
    if (mayWait(now)) {
      waiting = token;
      return;
    }
    engine.commit(token);
    waiting = null;
    claimed = now.offsets().keySet();
    changedSinceCommit = 0;
    if (changedSinceUpkeep >= WORTH_UPKEEP) {
      changedSinceUpkeep = 0;
      engine.maintain();
    }
  }

  private boolean mayWait(StoreFacts now) {
    return terms.rhythm() == CommitRhythm.WITH_TASK
        && changedSinceCommit < WORTH_A_COMMIT
        && now.offsets().keySet().equals(claimed);
  }

  @Override
  public void close() {
    byte[] token = waiting;
    if (token != null) {
      try {
        engine.commit(token);
      } catch (TimelogException e) {
        LOG.warn(
            "The last commit did not succeed, and what came after the one before is restored again."
                + " {}",
            terms.identity(),
            e);
      }
      waiting = null;
    }
    engine.close();
  }
}
