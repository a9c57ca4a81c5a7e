package io.timelog.flink.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.AppendingState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/** The kinds of state that the model knows, each with its descriptor and what is done with it. */
enum ModelState {
  VALUE,
  LIST,
  REDUCING,
  AGGREGATING,
  TEXT_MAP,
  LONG_MAP,
  LONG_LIST_MAP;

  /** A state of this kind. */
  StateDescriptor<?, ?> descriptor(String name) {
    return switch (this) {
      case VALUE -> new ValueStateDescriptor<>(name, StringSerializer.INSTANCE);
      case LIST -> new ListStateDescriptor<>(name, StringSerializer.INSTANCE);
      case REDUCING -> new ReducingStateDescriptor<>(name, Long::sum, LongSerializer.INSTANCE);
      case AGGREGATING ->
          new AggregatingStateDescriptor<>(name, new Digits(), StringSerializer.INSTANCE);
      case TEXT_MAP ->
          new MapStateDescriptor<>(name, StringSerializer.INSTANCE, StringSerializer.INSTANCE);
      case LONG_MAP ->
          new MapStateDescriptor<>(name, LongSerializer.INSTANCE, StringSerializer.INSTANCE);
      case LONG_LIST_MAP ->
          new MapStateDescriptor<>(
              name, LongSerializer.INSTANCE, new ListSerializer<>(StringSerializer.INSTANCE));
    };
  }

  /** Something to do with a state of this kind. */
  Action<? extends State> action(Random random) {
    return switch (this) {
      case VALUE -> Actions.value(random);
      case LIST -> Actions.list(random);
      case REDUCING, AGGREGATING -> Actions.merging(random);
      case TEXT_MAP -> Actions.textMap(random);
      case LONG_MAP -> Actions.longMap(random);
      case LONG_LIST_MAP -> Actions.longListMap(random);
    };
  }

  /** Adds this text to a state of this kind, as often as it holds it. */
  Action<? extends State> filling(String text) {
    return switch (this) {
      case VALUE -> Action.<ValueState<String>>of(state -> state.update(text));
      case LIST -> Action.<ListState<String>>of(state -> state.addAll(List.of(text, text)));
      case REDUCING, AGGREGATING ->
          Action.<AppendingState<Long, ?>>of(state -> state.add((long) text.length()));
      case TEXT_MAP ->
          Action.<MapState<String, String>>of(state -> state.putAll(Map.of("a", text, "b", text)));
      case LONG_MAP ->
          Action.<MapState<Long, String>>of(state -> state.putAll(Map.of(-1L, text, 10L, text)));
      case LONG_LIST_MAP ->
          Action.<MapState<Long, List<String>>>of(
              state -> state.put(0L, new ArrayList<>(List.of(text, text))));
    };
  }

  /** All that a state of this kind has at a key and namespace. */
  Action<? extends State> content() {
    return switch (this) {
      case VALUE -> (Action<ValueState<?>>) ValueState::value;
      case LIST -> (Action<ListState<String>>) Actions::elements;
      case REDUCING, AGGREGATING -> (Action<AppendingState<?, ?>>) AppendingState::get;
      case TEXT_MAP, LONG_MAP, LONG_LIST_MAP -> (Action<MapState<?, ?>>) Actions::entries;
    };
  }

  /** Whether namespaces of a state can be merged. */
  boolean isMerging() {
    return this == LIST || this == REDUCING || this == AGGREGATING;
  }

  /** The last digits of all numbers, in their order: tells when an order is not kept. */
  private static final class Digits implements AggregateFunction<Long, String, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public String createAccumulator() {
      return "";
    }

    @Override
    public String add(Long value, String accumulator) {
      return accumulator + value % 10;
    }

    @Override
    public Integer getResult(String accumulator) {
      return accumulator.hashCode();
    }

    @Override
    public String merge(String left, String right) {
      return left + right;
    }
  }
}
