package io.timelog.flink.internal.join;

import java.io.Serializable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What a join is told of one of its inputs.
 *
 * @param serializer of the rows
 * @param late where rows go that are too late; null if they are dropped
 */
public record JoinInput<T>(TypeSerializer<T> serializer, @Nullable OutputTag<T> late)
    implements Serializable {}
