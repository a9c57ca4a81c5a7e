package io.timelog.flink.streams;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.AggregateFunction;

/** The numbers of records in the order in which they were added: all that could be wrong shows. */
final class Numbers implements AggregateFunction<Row, String, String> {
  private static final long serialVersionUID = 1L;

  /** How many records were added, by all functions together. */
  static final AtomicLong ADDED = new AtomicLong();

  @Override
  public String createAccumulator() {
    return "";
  }

  @Override
  public String add(Row row, String numbers) {
    ADDED.incrementAndGet();
    return numbers + row.number() + " ";
  }

  @Override
  public String getResult(String numbers) {
    return numbers;
  }

  @Override
  public String merge(String earlier, String later) {
    return earlier + later;
  }

  /** What these records come to. */
  static String of(Stream<Row> rows) {
    return rows.map(row -> row.number() + " ").collect(Collectors.joining());
  }
}
