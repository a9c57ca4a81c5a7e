package io.timelog.examples.flights.run;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** How far a group of consumers has got with the flights, as the broker knows it. */
public final class CommittedFlights {
  private CommittedFlights() {}

  /** Flights behind the committed offsets of a group, over all partitions. */
  public static long of(Admin admin, String group) throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }
}
