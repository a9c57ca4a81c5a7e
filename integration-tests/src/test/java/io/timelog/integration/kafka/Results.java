package io.timelog.integration.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.integration.fixture.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the operators wrote, in the order in which they did.
 *
 * @param operators which there are
 * @param records one line for each: operator, key, window if there is one, value and timestamp
 */
record Results(Set<Operator> operators, List<Result> records) {
  /**
   * @param operator whose it is
   * @param key what it is about, the window included
   */
  record Result(Operator operator, String key, String value, long timestamp) {
    static Result of(ConsumerRecord<String, String> record) {
      int space = record.key().indexOf(' ');
      return new Result(
          Operator.valueOf(record.key().substring(0, space)),
          record.key().substring(space + 1),
          record.value(),
          record.timestamp());
    }
  }

  static Results of(Topics topics, Settings settings) throws Exception {
    return new Results(
        settings.operators().all(),
        topics.read(settings.output()).stream().map(Result::of).toList());
  }

  /** Record by record, and in the same order wherever the operator promises one. */
  void areExactly(Results expected) {
    expected.areMany();
    for (Operator operator : operators) {
      if (operator.promisesAnOrderOfKeys()) {
        assertThat(of(operator)).as("%s", operator).isEqualTo(expected.of(operator));
      } else {
        assertThat(byKey(operator)).as("%s", operator).isEqualTo(expected.byKey(operator));
      }
    }
  }

  /**
   * Record by record, and for each key in the same order, of applications that were started again
   * or shared their work.
   */
  void areOfEachKeyExactly(Results expected) {
    expected.areMany();
    for (Operator operator : operators) {
      if (operator.promisesAnOrderAfterRestarts()) {
        assertThat(byKey(operator)).as("%s", operator).isEqualTo(expected.byKey(operator));
      } else {
        assertThat(lines(operator))
            .as("%s", operator)
            .containsExactlyInAnyOrderElementsOf(expected.lines(operator));
      }
    }
  }

  /** The same results, each of them at least once, and at last the same for each key. */
  void areAtLeast(Results expected) {
    expected.areMany();
    for (Operator operator : operators) {
      areAtLeast(operator, expected);
    }
  }

  /**
   * As {@link #areAtLeast(Results)}, of an application that was killed. Its state may then be ahead
   * of what it wrote: when it sees the records again, it finds the session into which they have
   * already been merged, and nobody deletes the smaller one that it had written before; and a table
   * has versions that came after. At-least-once promises no more, on any store.
   */
  void areAtLeastAfterAKill(Results expected) {
    expected.areMany();
    for (Operator operator : operators) {
      if (operator.mergesResults()) {
        Map<String, String> last = last(operator);
        Map<String, String> wanted = expected.last(operator);
        assertThat(last).as("%s", operator).containsAllEntriesOf(wanted);
        last.keySet().removeAll(wanted.keySet());
        assertThat(last)
            .as("%s: what is left over is part of a larger session", operator)
            .allSatisfy(
                (key, part) ->
                    assertThat(wanted.entrySet()).anyMatch(whole -> isPartOf(key, part, whole)));
      } else if (operator.looksUpVersions()) {
        Set<String> wanted = new TreeSet<>(expected.lines(operator));
        assertThat(lines(operator)).as("%s", operator).containsAll(wanted);
        assertThat(of(operator))
            .as("%s: what is left over was joined with what came after", operator)
            .filteredOn(result -> !wanted.contains(result.toString()))
            .allMatch(Results::isOfALaterVersion);
      } else {
        areAtLeast(operator, expected);
      }
    }
  }

  /** Whether a number was joined with a version of a larger number, so one that came after it. */
  private static boolean isOfALaterVersion(Result result) {
    String numbers = result.value();
    int separator = numbers.indexOf('&');
    return Integer.parseInt(numbers.substring(separator + 1))
        > Integer.parseInt(numbers.substring(0, separator));
  }

  private static boolean isPartOf(String key, String part, Map.Entry<String, String> whole) {
    return keyOf(key).equals(keyOf(whole.getKey()))
        && List.of(whole.getValue().split(",")).containsAll(List.of(part.split(",")));
  }

  private static String keyOf(String windowed) {
    return windowed.substring(0, windowed.indexOf(' '));
  }

  private void areAtLeast(Operator operator, Results expected) {
    if (operator.updatesResults()) {
      assertThat(last(operator)).as("%s", operator).isEqualTo(expected.last(operator));
    } else {
      assertThat(new TreeSet<>(lines(operator)))
          .as("%s", operator)
          .isEqualTo(new TreeSet<>(expected.lines(operator)));
    }
  }

  private void areMany() {
    Map<Operator, Long> counts =
        records.stream().collect(Collectors.groupingBy(Result::operator, Collectors.counting()));
    assertThat(counts.keySet()).isEqualTo(operators);
    assertThat(counts.values()).allMatch(count -> count > 50);
  }

  private List<Result> of(Operator operator) {
    return records.stream().filter(result -> result.operator() == operator).toList();
  }

  private List<String> lines(Operator operator) {
    return of(operator).stream().map(Result::toString).toList();
  }

  private Map<String, List<Result>> byKey(Operator operator) {
    Map<String, List<Result>> byKey = new TreeMap<>();
    for (Result result : of(operator)) {
      byKey.computeIfAbsent(result.key(), key -> new ArrayList<>()).add(result);
    }
    return byKey;
  }

  private Map<String, String> last(Operator operator) {
    Map<String, String> last = new TreeMap<>();
    for (Result result : of(operator)) {
      // A session that has grown into another one is deleted.
      if (result.value() == null) {
        last.remove(result.key());
      } else {
        last.put(result.key(), result.value());
      }
    }
    return last;
  }
}
