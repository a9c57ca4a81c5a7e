package io.timelog.kafka.internal.durability;

import io.timelog.TimelogException;
import io.timelog.TimelogStore;
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
   * Before it has any tasks, Kafka Streams initializes, commits and closes the stores of all directories
   * that it finds, for nothing but their offsets. So the directory is only looked at, and the engine is
   * opened when it is needed: by the first restore, write or read. Until then a commit that says what was
   * found says nothing new. The lock of the directory is the engine's, so whoever opens it looks whether
   * the commit still is the one that was found.
   *
   * While a task is restored, Kafka Streams commits its stores as often as the application commits,
   * which may be ten times a second. Where a commit writes segments and waits for the disk, that
   * would cost more than the restore, so a commit waits there until enough has changed. Another one
   * takes its place, and what changes meanwhile ends it. One that still stands when the store is
   * closed is made then: so a store that is closed in order has all that was committed. No change
   * begins once that one was looked at, or the commit would contain it.
   *
   * The first commit does not wait, because Kafka Streams takes a directory without a committed offset
   * for the traces of a crash.
   */
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryHome.class);

  /** So many bytes may have to be restored again rather than be committed on their own. */
  private static final long WORTH_A_COMMIT = 16 << 20;

  private final Path directory;
  private final TimelogStore.Builder settings;
  private final StoreTerms terms;
  private final FoundCommit found;

  /** Partitions of which the last commit has an offset. For the writer. */
  private Set<TopicPartition> claimed;

  /** For the writer. */
  private long changedSinceCommit;

  /** Null until it is needed. Written under the lock. */
  private volatile @Nullable TimelogStore engine;

  /** A commit that was put off, and of which everything is still true. */
  private volatile byte @Nullable [] waiting;

  /** Under the lock. */
  private boolean closed;

  private DirectoryHome(
      Path directory, TimelogStore.Builder settings, StoreTerms terms, FoundCommit found) {
    this.directory = directory;
    this.settings = settings;
    this.terms = terms;
    this.found = found;
    this.claimed = found.facts().offsets().keySet();
  }

  /**
   * The home in a directory, where something was committed or not. Changes nothing as yet.
   *
   * <p>Entries that the store cannot have made, or that would be restored a second time, are given
   * up if they come from elsewhere again: those of another layout, and those without an offset.
   *
   * @param settings of the engine, whose commit log is set here; not to be used for anything else
   * @throws ProcessorStateException if the directory is in use or is damaged, or is that of another
   *     store, or has what cannot be restored from anywhere and cannot be read; it says what to do
   */
  public static DirectoryHome in(Path directory, TimelogStore.Builder settings, StoreTerms terms) {
    return new DirectoryHome(
        directory,
        settings.commitLog(terms.rhythm().log()),
        terms,
        FoundCommit.in(directory, terms));
  }

  @Override
  public TimelogStore engine() {
    TimelogStore open = engine;
    return open == null ? openUnlessClosed() : open;
  }

  private synchronized TimelogStore openUnlessClosed() {
    requireNotClosed();
    return open();
  }

  private synchronized TimelogStore open() {
    TimelogStore open = engine;
    if (open != null) {
      return open;
    }
    OpeningRefused refused = new OpeningRefused(directory, terms);
    try {
      open = TimelogStore.open(directory, settings);
    } catch (TimelogException e) {
      throw refused.by(e);
    }
    try {
      if (!found.is(open.committedToken().orElse(null))) {
        throw refused.changed();
      }
      found.beginIn(open);
    } catch (RuntimeException | Error e) {
      open.close();
      throw e;
    }
    engine = open;
    return open;
  }

  private void requireNotClosed() {
    if (closed) {
      throw new IllegalStateException("The store is closed: " + terms.identity());
    }
  }

  @Override
  public StoreFacts found() {
    return found.facts();
  }

  @Override
  public void beforeChange(long bytes) {
    changedSinceCommit += bytes;
    if (waiting != null) {
      stopWaiting();
    }
  }

  private synchronized void stopWaiting() {
    requireNotClosed();
    waiting = null;
  }

  @Override
  public void commit(Supplier<StoreFacts> facts) {
    StoreFacts now = facts.get();
    byte[] token = new StoreToken(terms.identity(), terms.layout(), now).encode();
    if (engine == null && found.is(token)) {
      return;
    }
    if (mayWait(now)) {
      waiting = token;
      return;
    }
    engine().commit(token);
    waiting = null;
    claimed = now.offsets().keySet();
    changedSinceCommit = 0;
  }

  private boolean mayWait(StoreFacts now) {
    return terms.rhythm() == CommitRhythm.WITH_TASK
        && changedSinceCommit < WORTH_A_COMMIT
        && now.offsets().keySet().equals(claimed);
  }

  @Override
  public void close() {
    byte[] last;
    synchronized (this) {
      last = closed ? null : waiting;
      closed = true;
    }
    if (last != null) {
      commitLast(last);
    }
    TimelogStore open = engine;
    if (open != null) {
      open.close();
    }
  }

  private void commitLast(byte[] token) {
    try {
      open().commit(token);
    } catch (TimelogException | ProcessorStateException e) {
      LOG.warn(
          "The last commit did not succeed, and what came after the one before is restored again."
              + " {}",
          terms.identity(),
          e);
    }
  }
}
