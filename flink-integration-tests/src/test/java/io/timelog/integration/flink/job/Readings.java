package io.timelog.integration.flink.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Input: readings of some sensors, a few milliseconds apart and out of order by less than {@link
 * #OUT_OF_ORDER_MILLIS}, each sensor in a partition of its own choice.
 *
 * @param count how many, a multiple of {@link #SENSORS}
 * @param noteLength how many characters each has besides
 */
public record Readings(int count, int noteLength) implements Input {
  /** How far one is behind an earlier one of its partition at most, exclusive. */
  public static final long OUT_OF_ORDER_MILLIS = 400;

  private static final int PARTITIONS = 4;

  private static final int SENSORS = 40;
  private static final int BETWEEN_MILLIS = 5;

  public Readings {
    if (count % SENSORS != 0) {
      throw new IllegalArgumentException("count=" + count + " is no multiple of " + SENSORS);
    }
  }

  @Override
  public int partitions() {
    return PARTITIONS;
  }

  @Override
  public List<List<ProducerRecord<String, String>>> records(String topic, int parts) {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    Random random = new Random(7);
    String note = "x".repeat(noteLength);
    for (int number = 0; number < count; number++) {
      int sensor = number % SENSORS;
      long late = random.nextInt((int) OUT_OF_ORDER_MILLIS);
      long time = Math.max(0, (long) number * BETWEEN_MILLIS - late);
      Reading reading = new Reading("sensor" + sensor, time, random.nextInt(1_000), note);
      records.add(
          new ProducerRecord<>(topic, sensor % PARTITIONS, reading.sensor(), reading.line()));
    }
    return IntStream.range(0, parts)
        .mapToObj(part -> records.subList(count * part / parts, count * (part + 1) / parts))
        .toList();
  }
}
