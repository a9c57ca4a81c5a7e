/**
 * Where our stores meet Kafka Streams, whatever kind of store they are.
 *
 * <p>{@link io.timelog.kafka.internal.host.HostedTable} is a table of the engine together with all
 * that must live and die with its entries when a task owns it; a store is little more than its own
 * rules on top of one.
 *
 * <p>Kafka Streams keeps some things that no store can do without in packages called {@code
 * internals}. They are used in this package and nowhere else: the sensor that is shared with
 * Kafka's processors in {@link io.timelog.kafka.internal.host.DroppedRecords}, whole changelog
 * records in {@link io.timelog.kafka.internal.host.RestoredBatches}, the way to write them in
 * {@link io.timelog.kafka.internal.host.ChangelogWriter}, the stores of all partitions in {@link
 * io.timelog.kafka.internal.host.QueryableType}, whether a store has a changelog, or is a global
 * one, in {@link io.timelog.kafka.internal.host.StoreHomes}, windows in {@link
 * io.timelog.kafka.internal.host.WindowBounds}, the layers of a store in {@link
 * io.timelog.kafka.internal.host.KafkasAdapter}.
 */
@NullMarked
package io.timelog.kafka.internal.host;

import org.jspecify.annotations.NullMarked;
