package io.timelog.flink.processor;

import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/** The states of the savepoint. */
final class Descriptors {
  static final ValueStateDescriptor<String> VALUE =
      new ValueStateDescriptor<>("value", StringSerializer.INSTANCE);
  static final ListStateDescriptor<Long> LIST =
      new ListStateDescriptor<>("list", LongSerializer.INSTANCE);
  static final MapStateDescriptor<Long, String> MAP =
      new MapStateDescriptor<>("map", LongSerializer.INSTANCE, StringSerializer.INSTANCE);

  private Descriptors() {}
}
