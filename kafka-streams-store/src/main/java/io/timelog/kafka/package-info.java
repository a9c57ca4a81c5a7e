/**
 * Kafka Streams state stores that keep their entries in Timelog.
 *
 * <p>{@link io.timelog.kafka.TimelogStores} is the one door: its methods return the suppliers that
 * {@code Materialized} and the Processor API take. {@link io.timelog.kafka.TimelogStoreConfig}
 * names the settings that are read from the configuration of the application.
 *
 * <p>Words that two projects use: a <em>segment</em> here is Kafka's, a slice of time of {@code
 * segmentIntervalMs}; it is several partition windows of the table below.
 */
@NullMarked
package io.timelog.kafka;

import org.jspecify.annotations.NullMarked;
