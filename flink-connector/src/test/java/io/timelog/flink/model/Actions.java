package io.timelog.flink.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MergingState;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.ValueState;
import org.jspecify.annotations.Nullable;

/** Random actions on each kind of state. */
final class Actions {
  private Actions() {}

  static String text(Random random) {
    return "x".repeat(random.nextInt(6)) + random.nextInt(1_000);
  }

  private static List<String> texts(Random random, int atLeast) {
    List<String> texts = new ArrayList<>();
    for (int i = atLeast + random.nextInt(4); i > 0; i--) {
      texts.add(text(random));
    }
    return texts;
  }

  static Action<ValueState<String>> value(Random random) {
    String text = text(random);
    return switch (random.nextInt(5)) {
      case 0 -> Action.of(State::clear);
      case 1, 2 -> ValueState::value;
      default -> Action.of(state -> state.update(text));
    };
  }

  static Action<ListState<String>> list(Random random) {
    List<String> texts = texts(random, 0);
    String text = text(random);
    return switch (random.nextInt(9)) {
      case 0 -> Action.of(State::clear);
      case 1, 2 -> Actions::elements;
      case 3 -> Action.of(state -> state.update(texts));
      case 4 -> Action.of(state -> state.addAll(texts));
      default -> Action.of(state -> state.add(text));
    };
  }

  /** What a list has, null if it has nothing. */
  static @Nullable List<String> elements(ListState<String> state) throws Exception {
    Iterable<String> texts = state.get();
    if (texts == null) {
      return null;
    }
    List<String> copy = new ArrayList<>();
    texts.forEach(copy::add);
    return copy;
  }

  static Action<MergingState<Long, ?>> merging(Random random) {
    long number = random.nextInt(1_000);
    return switch (random.nextInt(6)) {
      case 0 -> Action.of(State::clear);
      case 1, 2 -> MergingState::get;
      default -> Action.of(state -> state.add(number));
    };
  }

  static Action<MapState<Long, String>> longMap(Random random) {
    return map(random, Actions::number, Actions::textOrNull);
  }

  static Action<MapState<String, String>> textMap(Random random) {
    return map(random, r -> "k".repeat(r.nextInt(3)) + r.nextInt(6), Actions::textOrNull);
  }

  /** No list is null, which Flink's own backends cannot put into a savepoint. */
  static Action<MapState<Long, List<String>>> longListMap(Random random) {
    return random.nextInt(3) == 0
        ? changeOfAList(number(random), random.nextLong())
        : map(random, Actions::number, r -> texts(r, 0));
  }

  /** Gets a list, changes it, and puts it back; mostly it only gets longer. */
  private static Action<MapState<Long, List<String>>> changeOfAList(Long key, long seed) {
    return state -> {
      Random random = new Random(seed);
      List<String> list = state.get(key);
      if (list == null) {
        list = new ArrayList<>();
      }
      for (int puts = 1 + random.nextInt(2); puts > 0; puts--) {
        list.addAll(texts(random, random.nextInt(30) == 0 ? 300 : 0));
        if (random.nextInt(8) == 0 && !list.isEmpty()) {
          list.remove(random.nextInt(list.size()));
        }
        if (random.nextInt(8) == 0 && !list.isEmpty()) {
          list.set(random.nextInt(list.size()), text(random));
        }
        state.put(key, list);
      }
      return random.nextBoolean() ? list.size() : null;
    };
  }

  /** Mostly a few numbers, so that they meet again. */
  private static Long number(Random random) {
    return random.nextInt(8) == 0 ? random.nextLong() : (random.nextInt(12) - 4) * 1_000L;
  }

  private static @Nullable String textOrNull(Random random) {
    return random.nextInt(10) == 0 ? null : text(random);
  }

  private static <K, V> Action<MapState<K, V>> map(
      Random random, Function<Random, K> keys, Function<Random, V> values) {
    K key = keys.apply(random);
    V value = values.apply(random);
    Map<K, V> several = new HashMap<>();
    several.put(key, value);
    several.put(keys.apply(random), values.apply(random));
    int chosen = random.nextInt(3);
    return switch (random.nextInt(16)) {
      case 0 -> Action.of(State::clear);
      case 1, 2 -> state -> state.get(key);
      case 3 -> state -> state.contains(key);
      case 4 -> MapState::isEmpty;
      case 5 -> Actions::entries;
      case 6 -> Action.of(state -> state.remove(key));
      case 7 -> Action.of(state -> state.putAll(several));
      case 8 -> state -> removeSome(state, chosen);
      case 9 -> state -> replaceSome(state, chosen, value);
      case 10 -> Actions::keysAndValues;
      default -> Action.of(state -> state.put(key, value));
    };
  }

  /** What a map has. */
  static <K, V> Map<K, V> entries(MapState<K, V> state) throws Exception {
    Map<K, V> entries = new HashMap<>();
    for (Map.Entry<K, V> entry : state.entries()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    return entries;
  }

  private static <K, V> List<Object> keysAndValues(MapState<K, V> state) throws Exception {
    Map<Object, Integer> keys = new HashMap<>();
    Map<Object, Integer> values = new HashMap<>();
    for (K key : state.keys()) {
      keys.merge(key, 1, Integer::sum);
    }
    for (V value : state.values()) {
      values.merge(String.valueOf(value), 1, Integer::sum);
    }
    return List.of(keys, values);
  }

  /** Which of the keys is up to the key alone, since backends have them in any order. */
  private static boolean isChosen(Object key, int chosen) {
    return Math.floorMod(key.hashCode(), 3) == chosen;
  }

  private static <K, V> boolean removeSome(MapState<K, V> state, int chosen) throws Exception {
    Iterator<Map.Entry<K, V>> entries = state.iterator();
    while (entries.hasNext()) {
      if (isChosen(entries.next().getKey(), chosen)) {
        entries.remove();
      }
    }
    if (state.isEmpty()) {
      // The heap backend goes on to name the key of a map that an iterator has emptied.
      state.clear();
      return true;
    }
    return false;
  }

  private static <K, V> Map<K, V> replaceSome(MapState<K, V> state, int chosen, @Nullable V value)
      throws Exception {
    Map<K, V> before = new HashMap<>();
    for (Map.Entry<K, V> entry : state.entries()) {
      if (isChosen(entry.getKey(), chosen)) {
        before.put(entry.getKey(), entry.setValue(own(value)));
      }
    }
    return before;
  }

  /** A value that no other entry has, since the heap backend keeps the very object. */
  @SuppressWarnings("unchecked")
  private static <V> @Nullable V own(@Nullable V value) {
    return value instanceof List<?> list ? (V) new ArrayList<>(list) : value;
  }
}
