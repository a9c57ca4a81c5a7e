package io.timelog.benchmarks.kafka.query;

import io.timelog.benchmarks.report.Choices;
import io.timelog.benchmarks.report.Named;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/** What goes on while a store is written to. Each has a baseline, without what is in question. */
public enum Situation implements Named {
  /** Nobody queries, nothing is committed. */
  UNDISTURBED("undisturbed", "undisturbed", Transactions.OFF, null),
  /** Another store of the same kind is queried: what sharing the processors costs. */
  BESIDE("beside", "another store queried", Transactions.OFF, null),
  /** It is queried. */
  QUERIED("queried", "queried", Transactions.OFF, IsolationLevel.READ_UNCOMMITTED),
  /** It is transactional and commits; nobody queries. */
  COMMITTING("committing", "committing", Transactions.ON, null),
  /** It is queried for the present. */
  QUERIED_UNCOMMITTED(
      "committing-queried-uncommitted",
      "the same, queried `READ_UNCOMMITTED`",
      Transactions.ON,
      IsolationLevel.READ_UNCOMMITTED),
  /** It is queried for what was committed. */
  QUERIED_COMMITTED(
      "committing-queried-committed",
      "the same, queried `READ_COMMITTED`",
      Transactions.ON,
      IsolationLevel.READ_COMMITTED);

  private static final Choices<Situation> CHOICES =
      new Choices<>("situation", "situation", values());

  private final String id;
  private final String title;
  private final Transactions transactions;
  private final @Nullable IsolationLevel level;

  Situation(String id, String title, Transactions transactions, @Nullable IsolationLevel level) {
    this.id = id;
    this.title = title;
    this.transactions = transactions;
    this.level = level;
  }

  @Override
  public String id() {
    return id;
  }

  /** The name in tables. */
  public String title() {
    return title;
  }

  /** What the store knows of transactions that is written to. */
  Transactions transactions() {
    return transactions;
  }

  /** What the store knows of transactions that is queried. */
  Transactions queriedStore() {
    return this == BESIDE ? Transactions.ON : transactions;
  }

  /** What queries may see, of whichever store; null if there are none. */
  @Nullable IsolationLevel queries() {
    return this == BESIDE ? IsolationLevel.READ_UNCOMMITTED : level;
  }

  /** Whether the store that is written to is queried. */
  public boolean isQueried() {
    return level != null;
  }

  /** What it is compared with. */
  public Situation baseline() {
    return transactions == Transactions.ON && isQueried() ? COMMITTING : UNDISTURBED;
  }

  /** Those that can be had with these stores. */
  static List<Situation> of(List<Transactions> stores) {
    return Arrays.stream(values())
        .filter(
            situation ->
                stores.contains(situation.transactions)
                    && stores.contains(situation.queriedStore()))
        .toList();
  }

  /**
   * The situation of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists them
   */
  public static Situation of(String id) {
    return CHOICES.of(id);
  }
}
