package io.timelog.kafka.internal.host;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The open tables that a stream thread has written to. Its producer has one transaction for all of
 * them, so what one of them has when a transaction is committed is committed.
 *
 * <p>Belongs to its thread. Tables that were only restored are not among them, whoever has the same
 * partition of the changelog; and one whose task has become a standby takes nothing, because
 * nothing was written to it since its last commit.
 */
public final class WrittenTables {
  private static final ThreadLocal<WrittenTables> OF_THREAD =
      ThreadLocal.withInitial(WrittenTables::new);

  private final Set<HostedTable> tables = Collections.newSetFromMap(new WeakHashMap<>());

  private WrittenTables() {}

  /** Those of the thread that calls this. */
  public static WrittenTables ofThisThread() {
    return OF_THREAD.get();
  }

  /** The thread has written to a table. */
  void add(HostedTable table) {
    tables.add(table);
  }

  /**
   * The thread has committed a transaction.
   *
   * @param offsets of the last record of each partition that is in it, or of which it says that it
   *     was read
   */
  public void committed(Map<TopicPartition, Long> offsets) {
    tables.removeIf(table -> !table.isOpen());
    for (HostedTable table : List.copyOf(tables)) {
      table.transactionCommitted(offsets);
    }
  }
}
