package io.timelog.flink.streams;

import java.util.Comparator;
import java.util.List;

/** The results of steps as they can be compared: which key comes first is nobody's business. */
final class InOrder {
  private InOrder() {}

  /** The results of a key stay in their order. */
  static List<List<String>> ofKeys(List<List<String>> results) {
    return results.stream()
        .map(step -> step.stream().sorted(Comparator.comparing(InOrder::key)).toList())
        .toList();
  }

  private static String key(String result) {
    int start = result.indexOf("key ");
    return result.substring(start, result.indexOf('/', start));
  }

  /** No order at all. */
  static List<List<String>> ofNothing(List<List<String>> results) {
    return results.stream().map(step -> step.stream().sorted().toList()).toList();
  }
}
