package io.timelog.integration.flink.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Input of which it is certain what is late: readings of some sensors in one partition, out of
 * order by less than {@link #OUT_OF_ORDER_MILLIS}, and some that are later than that.
 *
 * <p>A watermark begins anew when a job comes back, so what was late before a failure may be in
 * time after it. Therefore a late reading is in one record of Kafka with the one that makes it
 * late: no checkpoint comes between the two.
 *
 * @param count how many there are that are not late
 */
public record LateReadings(int count) implements Input {
  /** How far one that is not late is behind an earlier one at most, exclusive. */
  static final long OUT_OF_ORDER_MILLIS = 400;

  private static final int SENSORS = 10;
  private static final int BETWEEN_MILLIS = 5;
  private static final int LATEST_MILLIS = 600;
  private static final int ONE_LATE_OF = 20;

  @Override
  public int partitions() {
    return 1;
  }

  @Override
  public List<List<ProducerRecord<String, String>>> records(String topic, int parts) {
    List<ProducerRecord<String, String>> records =
        arrivals().stream()
            .map(
                together ->
                    new ProducerRecord<String, String>(
                        topic,
                        together.stream().map(Reading::line).collect(Collectors.joining("\n"))))
            .toList();
    return IntStream.range(0, parts)
        .mapToObj(part -> records.subList(count * part / parts, count * (part + 1) / parts))
        .toList();
  }

  /** The readings in the order of their arrival; those that are in one record of Kafka together. */
  List<List<Reading>> arrivals() {
    List<List<Reading>> arrivals = new ArrayList<>();
    Random random = new Random(11);
    for (int number = 0; number < count; number++) {
      String sensor = "sensor" + number % SENSORS;
      long time =
          (long) number * BETWEEN_MILLIS - random.nextInt(Math.toIntExact(OUT_OF_ORDER_MILLIS));
      List<Reading> together = new ArrayList<>();
      together.add(Reading.inTime(sensor, time, value(arrivals, random)));
      if (random.nextInt(ONE_LATE_OF) == 0) {
        long late = time - OUT_OF_ORDER_MILLIS - random.nextInt(LATEST_MILLIS);
        together.add(Reading.late(sensor, late, -value(arrivals, random)));
      }
      arrivals.add(together);
    }
    return arrivals;
  }

  /** A value that no other reading has, even or odd. */
  private static long value(List<?> before, Random random) {
    return 2L * before.size() + 2 + random.nextInt(2);
  }
}
