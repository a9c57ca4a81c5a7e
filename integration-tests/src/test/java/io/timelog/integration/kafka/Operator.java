package io.timelog.integration.kafka;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.SessionWindowedKStream;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.SessionStore;

/**
 * An operator of the DSL, or a processor, over a stream of numbers. An aggregate is the set of the
 * numbers in it, so a result tells exactly what went into it, and a number that is processed twice,
 * as at-least-once allows, does no harm.
 */
enum Operator {
  TUMBLING {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all().groupByKey().windowedBy(TimeWindows.ofSizeAndGrace(ofMinutes(4), ofMinutes(6))));
    }
  },
  HOPPING {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all()
              .groupByKey()
              .windowedBy(
                  TimeWindows.ofSizeAndGrace(ofMinutes(4), ofMinutes(6)).advanceBy(ofMinutes(1))));
    }
  },
  SLIDING {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all()
              .groupByKey()
              .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ofMinutes(2), ofMinutes(6))));
    }
  },
  SESSION {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all()
              .groupByKey()
              .windowedBy(SessionWindows.ofInactivityGapAndGrace(ofSeconds(20), ofMinutes(6))));
    }
  },
  TUMBLING_ON_CLOSE {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all()
              .groupByKey()
              .windowedBy(TimeWindows.ofSizeAndGrace(ofMinutes(1), ofMinutes(2)))
              .emitStrategy(EmitStrategy.onWindowClose()));
    }
  },
  HOPPING_ON_CLOSE {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all()
              .groupByKey()
              .windowedBy(
                  TimeWindows.ofSizeAndGrace(ofMinutes(2), ofMinutes(3)).advanceBy(ofSeconds(20)))
              .emitStrategy(EmitStrategy.onWindowClose()));
    }
  },
  SLIDING_ON_CLOSE {
    @Override
    KStream<String, String> apply(Input in) {
      return collected(
          in.all()
              .groupByKey()
              .windowedBy(SlidingWindows.ofTimeDifferenceAndGrace(ofSeconds(30), ofMinutes(3)))
              .emitStrategy(EmitStrategy.onWindowClose()));
    }
  },
  SESSION_ON_CLOSE {
    @Override
    KStream<String, String> apply(Input in) {
      SessionWindowedKStream<String, String> sessions =
          in.all()
              .groupByKey()
              .windowedBy(SessionWindows.ofInactivityGapAndGrace(ofSeconds(20), ofMinutes(1)))
              .emitStrategy(EmitStrategy.onWindowClose());
      return flat(
          sessions.aggregate(
              () -> "",
              Operator::with,
              Operator::union,
              Materialized.<String, String, SessionStore<Bytes, byte[]>>with(
                      Serdes.String(), Serdes.String())
                  // More than the operator needs, or Kafka's store loses sessions.
                  .withRetention(ofMinutes(10))));
    }
  },
  INNER_JOIN {
    @Override
    KStream<String, String> apply(Input in) {
      return in.even().join(in.odd(), Operator::pair, WITHIN, JOINED);
    }
  },
  LEFT_JOIN {
    @Override
    KStream<String, String> apply(Input in) {
      return in.even().leftJoin(in.odd(), Operator::pair, WITHIN, JOINED);
    }
  },
  OUTER_JOIN {
    @Override
    KStream<String, String> apply(Input in) {
      return in.even().outerJoin(in.odd(), Operator::pair, WITHIN, JOINED);
    }
  },
  TABLE {
    @Override
    KStream<String, String> apply(Input in) {
      return in.all()
          .groupByKey()
          .reduce((a, b) -> Integer.parseInt(a) > Integer.parseInt(b) ? a : b)
          .toStream();
    }
  },
  VERSIONED_TABLE {
    @Override
    KStream<String, String> apply(Input in) {
      KTable<String, String> versions =
          in.odd()
              .toTable(
                  Materialized.<String, String>as(in.engine().versions("versions", ofMinutes(10)))
                      .withKeySerde(Serdes.String())
                      .withValueSerde(Serdes.String()));
      return in.even().leftJoin(versions, Operator::pair);
    }
  },
  EVENT_LOG {
    @Override
    KStream<String, String> apply(Input in) {
      return in.all().process(RecentNumbers.on(in.engine()));
    }
  };

  private static final JoinWindows WITHIN =
      JoinWindows.ofTimeDifferenceAndGrace(ofSeconds(40), ofMinutes(3));
  private static final StreamJoined<String, String, String> JOINED =
      StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String());

  /**
   * What an operator may read.
   *
   * @param all the numbers
   * @param even the even ones, the left side of a join
   * @param odd the odd ones, its right side
   */
  record Input(
      Engine engine,
      KStream<String, String> all,
      KStream<String, String> even,
      KStream<String, String> odd) {}

  abstract KStream<String, String> apply(Input in);

  /**
   * Whether all results come in one order. What closes together may be emitted in any order of its
   * keys.
   */
  boolean promisesAnOrderOfKeys() {
    return !name().endsWith("ON_CLOSE");
  }

  /**
   * Whether results come in one order for each key, also when the application is started again.
   * Until it has seen a record, a join does not know how late it is, and what found no match waits.
   */
  boolean promisesAnOrderAfterRestarts() {
    return this != LEFT_JOIN && this != OUTER_JOIN;
  }

  /** Whether an update of the result may be left out, as Kafka's caches do. */
  boolean updatesResults() {
    return !name().endsWith("ON_CLOSE") && !name().endsWith("JOIN") && this != VERSIONED_TABLE;
  }

  /** Whether a result may grow into another one, and is then deleted. */
  boolean mergesResults() {
    return this == SESSION;
  }

  /** Whether the state is in the directory of the task; windows that emit on close are not. */
  boolean isOnDisk() {
    return !name().endsWith("ON_CLOSE");
  }

  /** Whether a record is joined with the version of a table that was valid at its time. */
  boolean looksUpVersions() {
    return this == VERSIONED_TABLE;
  }

  /** The operators in one topology, so that all of them work on the very same records. */
  static Topology topology(Settings settings) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, String> numbers = builder.stream(settings.input());
    Input input =
        new Input(
            settings.engine(),
            numbers,
            numbers.filter((key, number) -> Integer.parseInt(number) % 2 == 0),
            numbers.filter((key, number) -> Integer.parseInt(number) % 2 != 0));
    for (Operator operator : settings.operators().all()) {
      operator
          .apply(input)
          .map((key, result) -> KeyValue.pair(operator + " " + key, result))
          .to(settings.output());
    }
    return builder.build(settings.config());
  }

  private static KStream<String, String> collected(TimeWindowedKStream<String, String> windows) {
    return flat(
        windows.aggregate(
            () -> "", Operator::with, Materialized.with(Serdes.String(), Serdes.String())));
  }

  private static KStream<String, String> collected(
      SessionWindowedKStream<String, String> sessions) {
    return flat(
        sessions.aggregate(
            () -> "",
            Operator::with,
            Operator::union,
            Materialized.with(Serdes.String(), Serdes.String())));
  }

  private static KStream<String, String> flat(KTable<Windowed<String>, String> windows) {
    return windows
        .toStream()
        .map(
            (key, numbers) ->
                KeyValue.pair(
                    key.key() + " " + key.window().start() + "-" + key.window().end(), numbers));
  }

  private static String pair(String even, String odd) {
    return even + "&" + odd;
  }

  private static String with(String key, String number, String numbers) {
    return union(key, number, numbers);
  }

  private static String union(String key, String some, String others) {
    return Arrays.stream((some + "," + others).split(","))
        .filter(number -> !number.isEmpty())
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }
}
