package io.timelog.kafka.internal.durability;

import io.timelog.TimelogException;
import io.timelog.TimelogStore;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store finds in its directory before it opens it. Immutable. */
final class FoundCommit {
  private static final Logger LOG = LoggerFactory.getLogger(FoundCommit.class);

  /** What becomes of the entries that are there. */
  private enum Entries {
    KEPT,
    /** They would be restored a second time, or cannot be read. */
    GIVEN_UP
  }

  private final byte @Nullable [] token;
  private final StoreFacts facts;
  private final Entries entries;

  private FoundCommit(byte @Nullable [] token, StoreFacts facts, Entries entries) {
    this.token = token;
    this.facts = facts;
    this.entries = entries;
  }

  /**
   * Looks at the last commit in a directory, and changes nothing.
   *
   * @throws ProcessorStateException if the store must not have the directory; it says what to do
   */
  static FoundCommit in(Path directory, StoreTerms terms) {
    OpeningRefused refused = new OpeningRefused(directory, terms);
    byte[] token;
    try {
      token = TimelogStore.committedToken(directory).orElse(null);
    } catch (TimelogException e) {
      throw refused.by(e);
    }
    return token == null
        ? new FoundCommit(null, StoreFacts.NONE, Entries.KEPT)
        : of(token, terms, refused);
  }

  private static FoundCommit of(byte[] token, StoreTerms terms, OpeningRefused refused) {
    StoreToken found;
    try {
      found = StoreToken.decode(token);
    } catch (IllegalArgumentException e) {
      throw refused.unreadable(e);
    }
    if (!found.identity().equals(terms.identity())) {
      throw refused.ofAnother(found.identity());
    }
    boolean isReadable = found.layout().equals(terms.layout());
    if (terms.backing() == Backing.NOTHING) {
      if (!isReadable) {
        throw refused.irreplaceable(found.layout());
      }
      return new FoundCommit(token, found.facts(), Entries.KEPT);
    }
    if (!isReadable) {
      LOG.warn(
          "The store was made with other settings, and is restored from its changelog. {}",
          refused.difference(found.layout()));
    }
    return isReadable && found.facts().claimsAnything()
        ? new FoundCommit(token, found.facts(), Entries.KEPT)
        : new FoundCommit(token, withoutEntries(found.facts(), terms.backing()), Entries.GIVEN_UP);
  }

  /**
   * Under exactly-once, Kafka Streams takes a store of a task without any offset for the traces of
   * a crash, and deletes all that the task has. A global store begins to read at whatever offset
   * there is.
   */
  private static StoreFacts withoutEntries(StoreFacts facts, Backing backing) {
    return backing == Backing.TOPIC ? StoreFacts.NONE : facts.withOffsetsUnknown();
  }

  /** What is true of the entries that the store begins with. */
  StoreFacts facts() {
    return facts;
  }

  /** Whether this is the last commit. */
  boolean is(byte @Nullable [] lastToken) {
    return Arrays.equals(token, lastToken);
  }

  /**
   * Lets a store begin with what was found. What it gives up goes with its next commit; until then
   * a crash finds it again, and it is given up again.
   */
  void beginIn(TimelogStore engine) {
    if (entries == Entries.GIVEN_UP) {
      engine.tables().forEach(engine::dropTable);
    }
  }
}
