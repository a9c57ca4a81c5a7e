package io.timelog.flink.sql;

/** What is asked; the tables are {@code orders}, {@code payments} and {@code prices}. */
enum Query {
  TUMBLING_WINDOWS(
      """
      SELECT customer, window_start, COUNT(*), SUM(amount), MAX(amount)
      FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' SECOND))
      GROUP BY customer, window_start, window_end
      """),
  HOPPING_WINDOWS(
      """
      SELECT customer, window_start, COUNT(DISTINCT product), AVG(amount)
      FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' SECOND, INTERVAL '3' SECOND))
      GROUP BY customer, window_start, window_end
      """),
  CUMULATIVE_WINDOWS(
      """
      SELECT product, window_start, window_end, COUNT(*), SUM(amount)
      FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' SECOND, INTERVAL '5' SECOND))
      GROUP BY product, window_start, window_end
      """),
  SESSION_WINDOWS(
      """
      SELECT customer, window_start, window_end, COUNT(*), SUM(amount)
      FROM TABLE(
        SESSION(TABLE orders PARTITION BY customer, DESCRIPTOR(ts), INTERVAL '0.3' SECOND))
      GROUP BY customer, window_start, window_end
      """),
  WINDOW_JOIN(
      """
      SELECT o.id, p.id, o.window_start
      FROM (
        SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' SECOND))) o
      JOIN (
        SELECT * FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '1' SECOND))) p
      ON o.customer = p.customer
        AND o.window_start = p.window_start AND o.window_end = p.window_end
      """),
  WINDOW_TOP_N(
      """
      SELECT customer, id, amount, window_start
      FROM (
        SELECT *, ROW_NUMBER() OVER (
          PARTITION BY window_start, window_end, customer ORDER BY amount DESC, id) AS place
        FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' SECOND)))
      WHERE place <= 2
      """),
  INTERVAL_JOIN(
      """
      SELECT o.id, p.id, o.amount + p.amount
      FROM orders o JOIN payments p
      ON o.customer = p.customer
        AND p.ts BETWEEN o.ts - INTERVAL '0.2' SECOND AND o.ts + INTERVAL '0.5' SECOND
      """),
  OUTER_INTERVAL_JOIN(
      """
      SELECT o.id, p.id
      FROM orders o FULL OUTER JOIN payments p
      ON o.customer = p.customer
        AND p.ts BETWEEN o.ts - INTERVAL '0.1' SECOND AND o.ts + INTERVAL '0.2' SECOND
      """),
  OVER_RANGE(
      """
      SELECT id, SUM(amount) OVER (
        PARTITION BY customer ORDER BY ts
        RANGE BETWEEN INTERVAL '1' SECOND PRECEDING AND CURRENT ROW)
      FROM orders
      """),
  OVER_ROWS(
      """
      SELECT id, SUM(amount) OVER (
        PARTITION BY customer ORDER BY ts ROWS BETWEEN 5 PRECEDING AND CURRENT ROW)
      FROM orders
      """),
  OVER_ALL_BEFORE(
      """
      SELECT id, COUNT(*) OVER w, MAX(amount) OVER w
      FROM orders
      WINDOW w AS (
        PARTITION BY product ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      """),
  TEMPORAL_JOIN(
      """
      SELECT o.id, o.product, p.amount
      FROM orders o LEFT JOIN latest_prices FOR SYSTEM_TIME AS OF o.ts AS p
      ON o.product = p.product
      """),
  FIRST_OF_EACH(
      """
      SELECT id, customer, product
      FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY customer, product ORDER BY ts ASC) AS place
        FROM orders)
      WHERE place = 1
      """),
  LAST_OF_EACH(
      """
      SELECT id, customer, product
      FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY customer, product ORDER BY ts DESC) AS place
        FROM orders)
      WHERE place = 1
      """),
  TOP_N_OF_SUMS(
      """
      SELECT product, customer, total
      FROM (
        SELECT *, ROW_NUMBER() OVER (
          PARTITION BY product ORDER BY total DESC, customer) AS place
        FROM (
          SELECT product, customer, SUM(amount) AS total FROM orders GROUP BY product, customer))
      WHERE place <= 3
      """),
  MATCH_RECOGNIZE(
      """
      SELECT *
      FROM orders MATCH_RECOGNIZE (
        PARTITION BY customer
        ORDER BY ts
        MEASURES HIGH.id AS high, FIRST(LOW.id) AS low, LAST(LOW.id) AS lowest, AGAIN.id AS again
        ONE ROW PER MATCH
        AFTER MATCH SKIP PAST LAST ROW
        PATTERN (HIGH LOW+ AGAIN) WITHIN INTERVAL '3' SECOND
        DEFINE HIGH AS HIGH.amount > 60, LOW AS LOW.amount < 50, AGAIN AS AGAIN.amount >= 50)
      """),
  REGULAR_JOIN_WITH_TIME_TO_LIVE(
      """
      SELECT /*+ STATE_TTL('o' = '1d', 'p' = '1d') */ o.id, p.id, o.amount
      FROM orders o JOIN payments p
      ON o.customer = p.customer AND o.amount = p.amount
      """),
  OUTER_JOIN_OF_AGGREGATES(
      """
      SELECT o.customer, o.total, p.total
      FROM (SELECT customer, SUM(amount) AS total FROM orders GROUP BY customer) o
      LEFT JOIN (
        SELECT customer, SUM(amount) AS total FROM payments
        WHERE product <> 'product0' GROUP BY customer) p
      ON o.customer = p.customer
      """);

  private final String sql;

  Query(String sql) {
    this.sql = sql;
  }

  String sql() {
    return sql;
  }
}
