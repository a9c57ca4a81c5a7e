package io.timelog.flink.internal.state;

import io.timelog.flink.internal.key.CurrentKey;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;

/**
 * What the states of a backend know of its keys.
 *
 * @param current the key of the record that is being processed
 * @param serializer of keys, for the task's thread
 * @param keyGroups those of the task
 * @param numberOfKeyGroups of the job
 * @param <K> type of the keys
 */
public record KeyContext<K>(
    CurrentKey<K> current,
    TypeSerializer<K> serializer,
    KeyGroupRange keyGroups,
    int numberOfKeyGroups) {}
