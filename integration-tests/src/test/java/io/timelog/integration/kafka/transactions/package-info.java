/**
 * Transactional stores, which Kafka Streams has from 4.4 on; compiled and run with such a version
 * only.
 */
@NullMarked
package io.timelog.integration.kafka.transactions;

import org.jspecify.annotations.NullMarked;
