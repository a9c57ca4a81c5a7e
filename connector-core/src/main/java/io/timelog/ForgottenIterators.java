package io.timelog;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the sources of iterators that were left in mid-sequence and are garbage now, counts them,
 * and says so once. Thread-safe.
 */
final class ForgottenIterators {
  private static final Logger LOG = LoggerFactory.getLogger(ForgottenIterators.class);

  /** Has a daemon thread; made with the first iterator, so that others do without. */
  private static final Cleaner CLEANER = Cleaner.create(ForgottenIterators::thread);

  private final String owner;
  private final AtomicLong count = new AtomicLong();

  ForgottenIterators(String owner) {
    this.owner = owner;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "timelog-forgotten-iterators");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Has the source closed after the iterator is garbage, or when the result is cleaned. */
  Cleaner.Cleanable watch(Object iterator, EntrySource<?> source) {
    return CLEANER.register(iterator, () -> close(source));
  }

  private void close(EntrySource<?> source) {
    if (source.isClosed()) {
      return;
    }
    source.close();
    if (count.getAndIncrement() == 0) {
      LOG.warn(
          "An iterator was neither read to its end nor closed, and held memory until it was garbage"
              + " collected; further ones are only counted. Use try-with-resources where a loop may"
              + " be left early: of={}",
          owner);
    }
  }

  /** The table or log, for messages. */
  String owner() {
    return owner;
  }

  /** How many there were. */
  long count() {
    return count.get();
  }
}
