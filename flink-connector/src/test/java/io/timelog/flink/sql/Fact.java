package io.timelog.flink.sql;

import java.util.Random;

/**
 * A row of the input, of one of the three tables. A POJO for Flink.
 *
 * @param millis event time; no two facts have the same
 */
public record Fact(
    long id, String kind, String customer, String product, long amount, long millis) {
  /** How far one is behind an earlier one at most. */
  static final long OUT_OF_ORDER_MILLIS = 320;

  static final String ORDER = "order";
  static final String PAYMENT = "payment";
  static final String PRICE = "price";

  private static final int BETWEEN_MILLIS = 10;

  /** In blocks of so many, the times go backwards. */
  private static final int BLOCK = 32;

  /** The fact with a number, always the same. */
  static Fact of(long number) {
    Random random = new Random(number * 0x9E3779B97F4A7C15L);
    long inBlock = number % BLOCK;
    return new Fact(
        number,
        number % 8 < 5 ? ORDER : number % 8 < 7 ? PAYMENT : PRICE,
        "customer" + random.nextInt(20),
        "product" + random.nextInt(5),
        random.nextInt(100),
        (number - inBlock + (BLOCK - 1 - inBlock)) * BETWEEN_MILLIS);
  }
}
