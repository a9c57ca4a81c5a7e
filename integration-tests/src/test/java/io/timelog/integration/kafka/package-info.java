/**
 * Kafka Streams applications on real brokers.
 *
 * <p>A {@code *Contract} says what Timelog's stores promise on any {@link
 * io.timelog.integration.fixture.Broker}; an {@code *IT} says on which broker its contracts run.
 * Nearly every promise is the same one: the application does, record by record, what it does on
 * RocksDB, whatever is killed meanwhile.
 */
@NullMarked
package io.timelog.integration.kafka;

import org.jspecify.annotations.NullMarked;
