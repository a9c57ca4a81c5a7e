package io.timelog.integration.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Input: numbers that count up, of a few keys, mostly in the order of their timestamps.
 *
 * @param count how many
 * @param partitions over how many partitions the keys are spread
 * @param lateness how late the latest are
 */
record Numbers(int count, int partitions, Duration lateness) {
  private static final int KEYS = 6;

  /** A few of them too late for every operator. */
  static Numbers some(int count) {
    return new Numbers(count, 1, Duration.ofMinutes(12));
  }

  /**
   * None of them too late for any operator. An operator that is started again does not know what
   * would be too late until the next record tells it.
   */
  static Numbers inTime(int count, int partitions) {
    return new Numbers(count, partitions, Duration.ofSeconds(3));
  }

  List<ProducerRecord<String, String>> records(String topic) {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    Random random = new Random(1);
    // Not long ago, because the broker deletes by age, and not ahead, because it refuses that.
    long now =
        Instant.now().minus(6, ChronoUnit.HOURS).truncatedTo(ChronoUnit.HOURS).toEpochMilli();
    long start = now;
    for (int number = 0; number < count; number++) {
      now += random.nextInt(6_000);
      long late = random.nextInt(4) == 0 ? random.nextInt((int) lateness.toMillis()) : 0;
      int key = random.nextInt(KEYS);
      records.add(
          new ProducerRecord<>(
              topic, key % partitions, Math.max(start, now - late), "key" + key, "" + number));
    }
    return records;
  }
}
