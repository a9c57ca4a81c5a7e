/**
 * Stores of Kafka Streams side by side: the stock ones and Timelog's, each inside a task of a
 * topology, without the layers that Kafka Streams puts around them.
 */
@NullMarked
package io.timelog.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
