package io.timelog.internal.journal;

import io.timelog.internal.manifest.CommitToken;
import io.timelog.internal.manifest.LogEntry;
import io.timelog.internal.memory.MemoryAccount;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a store: what was committed and is not in segments, in one append for each commit.
 *
 * <p>Belongs to the writer of the store, but for {@link #force()}, {@link #tryForce()}, {@link
 * #files()}, {@link #obsolete} and {@link #forget}, which any thread may call.
 *
 * <p>A write that fails leaves everything pending that it was to write, and the next one begins a
 * new file.
 */
public final class StoreLog implements Closeable {

  /*
   * A commit is written, then forced if the policy wants it, then settled: only then its rows are not
   * pending any more. If the force failed, its batch is in a file that is not written again, and the next
   * file begins where this batch did. So its rows count once, in whichever commit they are found.
   */

  /** What a log takes on the heap, in bytes. */
  public static final long HEAP_BYTES = BatchWriter.HEAP_BYTES;

  /**
   * What is pending may take so many times the memory that it needs, as that of many windows with
   * few rows each does.
   */
  private static final int HELD_PARTS = 2;

  /** More is written as several batches. */
  private static final long MAX_BATCH_BYTES = 64 << 20;

  private static final long FIRST_BATCH = 1;

  private static final Logger LOG = LoggerFactory.getLogger(StoreLog.class);

  private final LogSettings settings;
  private final NewLogFiles newFiles;
  private final MemoryAccount memory;
  private final PendingWrites pending;
  private final BatchWriter writer = new BatchWriter();
  private final Object lock = new Object();

  /** Under the lock. */
  private final List<ClosedLogFile> closed = new ArrayList<>();

  /** Changed by the writer under the lock. */
  private OpenLogFile current;

  private boolean isClosed;
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private long nextBatch = FIRST_BATCH;
  private long lastCommit = BatchStamp.NO_COMMIT;

  /** Null if there was no commit. */
  private @Nullable CommitToken lastToken;

  private boolean hasParts;
  private long earlyBytes;

  /** The commit that is written and not settled. */
  private long unsettledCommit = BatchStamp.NO_COMMIT;

  private CommitToken unsettledToken = CommitToken.EMPTY;
  private int unsettledItems;

  private StoreLog(
      LogSettings settings, PendingWrites pending, MemoryAccount memory, OpenLogFile first) {
    this.settings = settings;
    this.newFiles = new NewLogFiles(settings);
    this.pending = pending;
    this.memory = memory;
    this.current = first;
    this.earlyBytes = settings.earlyBytes();
  }

  /**
   * Begins a log. It counts when a manifest names {@link #files()}, which has all that an older log
   * of the store had.
   *
   * @param pending what is to be written
   * @param memory counts what the log has on the heap, about 64 KiB
   * @throws IOException if there is no new file; everything is as it was
   */
  public static StoreLog begin(LogSettings settings, PendingWrites pending, MemoryAccount memory)
      throws IOException {
    memory.reserveHeap(HEAP_BYTES);
    boolean begun = false;
    try {
      OpenLogFile first = new NewLogFiles(settings).begin(LogTail.none(), FIRST_BATCH);
      begun = true;
      return new StoreLog(settings, pending, memory, first);
    } finally {
      if (!begun) {
        memory.releaseHeap(HEAP_BYTES);
      }
    }
  }

  /**
   * Makes everything that is pending count, together with a token, as the policy says. The same as
   * {@link #write}, {@link #tryForce()} where the policy wants it, and {@link #settle()}.
   *
   * @param number of the commit, larger than all before, whether they failed or not
   * @return false, and nothing was written, if there is nothing new
   * @throws IOException if it failed: all is pending still, and a later commit will contain it.
   *     After a crash this commit may be found all the same
   */
  public boolean commit(long number, CommitToken token) throws IOException {
    if (!write(number, token)) {
      return false;
    }
    if (awaitsForce()) {
      tryForce();
    }
    settle();
    return true;
  }

  /**
   * Writes a commit, which is then to be {@linkplain #settle() settled}. Nothing may become pending
   * in between.
   *
   * @return false, and there is nothing to settle, if there is nothing new
   * @throws IOException as for {@link #commit}
   */
  public boolean write(long number, CommitToken token) throws IOException {
    if (unsettledCommit != BatchStamp.NO_COMMIT) {
      throw new IllegalStateException("A commit is not settled: commit=" + unsettledCommit);
    }
    if (number <= lastCommit) {
      throw new IllegalArgumentException(
          "Commits must ascend: commit=" + number + ", last=" + lastCommit);
    }
    if (pending.isEmpty() && !hasParts && Objects.equals(token, lastToken)) {
      return false;
    }
    while (pending.bytes() > MAX_BATCH_BYTES) {
      writePart();
    }
    List<PendingItem> items = pending.next(Long.MAX_VALUE);
    append(number, token, items);
    unsettledCommit = number;
    unsettledToken = token;
    unsettledItems = items.size();
    return true;
  }

  /** Whether a commit was written that must be forced before it is settled. */
  public boolean awaitsForce() {
    return unsettledCommit != BatchStamp.NO_COMMIT && settings.policy() == SyncPolicy.SYNCED;
  }

  /**
   * Ends a commit that was written.
   *
   * @throws IOException as for {@link #commit}, if it should have been forced and was not
   */
  public void settle() throws IOException {
    if (unsettledCommit == BatchStamp.NO_COMMIT) {
      return;
    }
    long batch = nextBatch - 1;
    boolean failed = awaitsForce() && current.forcedBatch() < batch;
    long commit = unsettledCommit;
    unsettledCommit = BatchStamp.NO_COMMIT;
    if (failed) {
      // The batch may be found after a crash, unless a file follows that does not stand on it.
      nextBatch = batch;
      IOException failure =
          new IOException("A commit is not durable: commit=" + commit, current.failure());
      current.fail(failure);
      throw failure;
    }
    current.keep();
    pending.releaseFirst(unsettledItems);
    lastCommit = commit;
    lastToken = unsettledToken;
    hasParts = false;
    synchronized (lock) {
      closed.forEach(file -> file.coverBy(commit));
    }
  }

  /** Whether there is anything that no commit covers. */
  public boolean hasUncommitted() {
    return hasParts || !pending.isEmpty();
  }

  /** Whether so much is pending that it is to be {@linkplain #writeEarly() written early}. */
  public boolean isMuchPending() {
    return pending.bytes() >= earlyBytes || pending.heldBytes() / HELD_PARTS >= earlyBytes;
  }

  /**
   * Writes what is pending without a commit, if it takes much memory: it counts when a commit
   * follows. To be called after each write. If that fails it stays pending, and is not tried again
   * at once.
   */
  public void writeEarly() {
    if (!isMuchPending()) {
      return;
    }
    try {
      relieve();
    } catch (IOException e) {
      earlyBytes = Math.max(pending.bytes(), pending.heldBytes()) + settings.earlyBytes();
      LOG.warn("What is pending of a store could not be written and stays in memory", e);
    }
  }

  /**
   * Writes what is pending without a commit, so that it takes no memory.
   *
   * @throws IOException if that failed; what was not written is pending still
   */
  public void relieve() throws IOException {
    while (!pending.isEmpty()) {
      writePart();
    }
    earlyBytes = settings.earlyBytes();
  }

  private void writePart() throws IOException {
    List<PendingItem> items = pending.next(MAX_BATCH_BYTES);
    append(BatchStamp.NO_COMMIT, CommitToken.EMPTY, items);
    current.keep();
    hasParts = true;
    pending.releaseFirst(items.size());
  }

  private void append(long commit, CommitToken token, List<PendingItem> items) throws IOException {
    OpenLogFile file = fileForBatch();
    BatchStamp stamp = new BatchStamp(file.number(), nextBatch, commit, file.forcedBatch());
    writtenBytes.addAndGet(file.write(writer, stamp, token, items));
    nextBatch++;
  }

  private OpenLogFile fileForBatch() throws IOException {
    OpenLogFile file = current;
    boolean isFull = file.keptBytes() >= settings.fileBytes();
    if (isFull && file.failure() == null) {
      force();
    }
    if (isFull || file.failure() != null) {
      LogTail tail = file.tail();
      OpenLogFile next = newFiles.begin(tail, nextBatch);
      synchronized (lock) {
        closed.add(tail.closed());
        current = next;
      }
      file.close();
    }
    return current;
  }

  /**
   * Begins a log without what there was so far, but for a commit, which has no rows in it. That is
   * what can be done when the log {@linkplain LogLostException is lost}: the owner flushes all
   * memtable windows, calls this, and writes a manifest of this commit, which names {@link
   * #files()} and has everything that was written, early or not. Nothing else may be committed
   * before. What is pending stays so; a reader finds that it is in segments.
   *
   * @param number of the commit, larger than all before
   * @throws IOException if there is no new file; everything is as it was
   */
  public void startAnew(long number, CommitToken token) throws IOException {
    OpenLogFile next = newFiles.begin(LogTail.none(), nextBatch);
    boolean counts = false;
    try {
      BatchStamp stamp = new BatchStamp(next.number(), nextBatch, number, nextBatch - 1);
      writtenBytes.addAndGet(next.write(writer, stamp, token, List.of()));
      next.keep();
      countForce(next.force());
      counts = true;
    } finally {
      if (!counts) {
        next.close();
      }
    }
    nextBatch++;
    goOnIn(next, number, token);
  }

  /**
   * Begins a log without what there was so far, and without a commit. It counts when a manifest
   * names {@link #files()}. What is pending stays so.
   *
   * @throws IOException if there is no new file; everything is as it was
   */
  public void startAnew() throws IOException {
    goOnIn(newFiles.begin(LogTail.none(), nextBatch), lastCommit, null);
  }

  private void goOnIn(OpenLogFile next, long commit, @Nullable CommitToken token) {
    lastCommit = commit;
    lastToken = token;
    hasParts = false;
    OpenLogFile before = current;
    synchronized (lock) {
      closed.clear();
      current = next;
    }
    before.close();
  }

  /**
   * Makes durable all that was written before the call.
   *
   * @throws IOException if that is not known to have happened. Then it fails until the writer has
   *     begun another file, with its next write
   */
  public void force() throws IOException {
    synchronized (lock) {
      countForce(current.force());
    }
  }

  private void countForce(boolean wasNeeded) {
    if (wasNeeded) {
      forces.incrementAndGet();
    }
  }

  /** How often the disk was waited for, so that a file of the log is durable. Any thread. */
  public long forces() {
    return forces.get();
  }

  /** How many bytes of batches were appended. Any thread. */
  public long writtenBytes() {
    return writtenBytes.get();
  }

  /** As {@link #force()}; a failure is told by {@link #settle()}. */
  public void tryForce() {
    try {
      force();
    } catch (IOException | RuntimeException e) {
      LOG.debug("A force failed", e);
    }
  }

  /**
   * The files of the log in order, as a manifest names them: one of a commit that was settled
   * before a {@link #force()} that succeeded before this call.
   */
  public List<LogEntry> files() {
    synchronized (lock) {
      List<LogEntry> entries = new ArrayList<>(closed.size() + 1);
      closed.forEach(file -> entries.add(file.entry()));
      entries.add(new LogEntry(current.number(), LogEntry.OPEN));
      return entries;
    }
  }

  /** The number of the first batch of a file, or of the next one if it has none. */
  public long firstBatch(LogEntry file) {
    synchronized (lock) {
      for (ClosedLogFile one : closed) {
        if (one.number() == file.file()) {
          return one.firstBatch();
        }
      }
      return current.firstBatch();
    }
  }

  /**
   * How many of the first {@link #files()} a manifest need not name, because all that is in them is
   * covered by its commit, and is in its segments or dead. The last file is never among them.
   *
   * @param commit the number of the commit of the manifest
   * @param live what the manifest does not have
   */
  public int obsolete(long commit, LiveSerials live) {
    synchronized (lock) {
      int count = 0;
      while (count < closed.size() && closed.get(count).isObsolete(commit, live)) {
        count++;
      }
      return count;
    }
  }

  /** Forgets the first files, which a manifest that is durable does not name any more. */
  public void forget(int count) {
    synchronized (lock) {
      closed.subList(0, count).clear();
    }
  }

  /** The number of the file that is written. */
  public long openFile() {
    synchronized (lock) {
      return current.number();
    }
  }

  /**
   * The largest serial of a memtable window with rows in the oldest files, so many of these that
   * all others together have at most some bytes; a negative number if that is so already.
   */
  public long largestSerialBeyond(long bytes) {
    synchronized (lock) {
      long rest = lengthBytes();
      long largest = -1;
      for (ClosedLogFile file : closed) {
        if (rest <= bytes) {
          break;
        }
        rest -= file.entry().length();
        largest = Math.max(largest, file.largestSerial());
      }
      return largest;
    }
  }

  /** What the log takes on the disk, in bytes. */
  public long lengthBytes() {
    synchronized (lock) {
      long length = current.keptBytes();
      for (ClosedLogFile file : closed) {
        length += file.entry().length();
      }
      return length;
    }
  }

  /**
   * Lets go of the file that is written; forces nothing, and gives up what is pending. Closing
   * twice does nothing.
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      current.close();
    }
    pending.close();
    memory.releaseHeap(HEAP_BYTES);
  }
}
