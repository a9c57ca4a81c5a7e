package io.timelog.flink.internal.host;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.query.TaskKvStateRegistry;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/**
 * What Flink tells a backend of the task that it is for.
 *
 * @param keySerializer of the job, and what restored snapshots say of it
 * @param streams of the backend alone, closed with it; Flink closes the one that it gives for a
 *     restore when that is done
 * @param <K> type of the keys
 */
record TaskContext<K>(
    TaskKvStateRegistry kvStateRegistry,
    StateSerializerProvider<K> keySerializer,
    KeyGroupRange keyGroups,
    int numberOfKeyGroups,
    ClassLoader userCode,
    ExecutionConfig executionConfig,
    TtlTimeProvider ttlTime,
    LatencyTrackingStateConfig latencyTracking,
    SizeTrackingStateConfig sizeTracking,
    CloseableRegistry streams,
    StreamCompressionDecorator compression) {}
