package io.timelog.integration.flink.job;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Input: readings like {@link Readings}, of sensors that come and go. Some are read much more often
 * than others.
 *
 * @param seed of all that is random
 * @param count how many
 * @param noteLength how many characters each has besides, at most
 */
public record ChurningReadings(long seed, int count, int noteLength) implements Input {
  private static final int PARTITIONS = 4;
  private static final int SENSORS = 40;

  /** After so many readings the oldest sensor is replaced by a new one. */
  private static final int LIFE = 50;

  private static final int BETWEEN_MILLIS = 5;

  @Override
  public int partitions() {
    return PARTITIONS;
  }

  @Override
  public List<List<ProducerRecord<String, String>>> records(String topic, int parts) {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int number = 0; number < count; number++) {
      int sensor = number / LIFE + random.nextInt(1 + random.nextInt(SENSORS));
      long late = random.nextLong(Readings.OUT_OF_ORDER_MILLIS);
      long time = Math.max(0, (long) number * BETWEEN_MILLIS - late);
      String note = "x".repeat(random.nextInt(noteLength + 1));
      Reading reading = new Reading("sensor" + sensor, time, random.nextInt(1_000), note);
      records.add(
          new ProducerRecord<>(topic, sensor % PARTITIONS, reading.sensor(), reading.line()));
    }
    return IntStream.range(0, parts)
        .mapToObj(part -> records.subList(count * part / parts, count * (part + 1) / parts))
        .toList();
  }
}
