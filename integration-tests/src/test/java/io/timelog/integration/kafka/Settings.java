package io.timelog.integration.kafka;

import io.timelog.integration.fixture.Broker;
import io.timelog.kafka.TimelogClientSupplier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How to start an application, in this process or in one of its own.
 *
 * @param bootstrapServers of the broker
 * @param application its id, which its topics begin with
 * @param member which of the members of its group; one that starts again is the same member, so
 *     that nobody waits for the one that was killed
 * @param stateDirectory of this member
 * @param engine what keeps the state
 * @param guarantee the processing guarantee
 * @param cacheBytes how much Kafka's own caches in front of the stores may hold; 0 for every update
 *     to be seen
 * @param standbys how many standby replicas each task has
 * @param commits whether a commit of the application is one of its stores
 * @param operators which operators it has
 */
record Settings(
    String bootstrapServers,
    String application,
    String member,
    Path stateDirectory,
    Engine engine,
    String guarantee,
    long cacheBytes,
    int standbys,
    Commits commits,
    Operators operators) {

  /** Which operators an application has. */
  enum Operators {
    ALL,
    /** Those whose state is in the directory of the task. */
    ON_DISK;

    Set<Operator> all() {
      return Stream.of(Operator.values())
          .filter(operator -> this == ALL || operator.isOnDisk())
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(Operator.class)));
    }
  }

  /** What a commit of the application means to its stores. */
  enum Commits {
    /** Nothing but offsets. */
    OF_OFFSETS,
    /** That what was written is committed; only from Kafka Streams 4.4 on. */
    OF_STORES,
    /** The same, of which Timelog's stores hear from the producer. */
    TOLD_BY_PRODUCER
  }

  static Settings of(
      Broker broker, String application, Path stateDirectory, Engine engine, String guarantee) {
    return new Settings(
        broker.bootstrapServers(),
        application,
        "only",
        stateDirectory.resolve(application + "-only"),
        engine,
        guarantee,
        0,
        0,
        Commits.OF_OFFSETS,
        Operators.ALL);
  }

  Settings withTransactionalStores() {
    return with(Commits.OF_STORES);
  }

  Settings with(Commits commits) {
    return new Settings(
        bootstrapServers,
        application,
        member,
        stateDirectory,
        engine,
        guarantee,
        cacheBytes,
        standbys,
        commits,
        operators);
  }

  Settings withCacheBytes(long cacheBytes) {
    return new Settings(
        bootstrapServers,
        application,
        member,
        stateDirectory,
        engine,
        guarantee,
        cacheBytes,
        standbys,
        commits,
        operators);
  }

  Settings with(Operators operators) {
    return new Settings(
        bootstrapServers,
        application,
        member,
        stateDirectory,
        engine,
        guarantee,
        cacheBytes,
        standbys,
        commits,
        operators);
  }

  /** Of another member of the same group, with a standby replica for each task. */
  Settings besideOthers(String member) {
    return new Settings(
        bootstrapServers,
        application,
        member,
        stateDirectory.resolveSibling(application + "-" + member),
        engine,
        guarantee,
        cacheBytes,
        1,
        commits,
        operators);
  }

  String input() {
    return application.substring(0, application.lastIndexOf('-')) + "-in";
  }

  String output() {
    return application + "-out";
  }

  Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, cacheBytes);
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
    config.put("enable.transactional.statestores", commits == Commits.OF_STORES);
    if (commits == Commits.TOLD_BY_PRODUCER) {
      config.put(
          StreamsConfig.DEFAULT_CLIENT_SUPPLIER_CONFIG, TimelogClientSupplier.class.getName());
    }
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
    // The least that a broker allows: how soon a member that was killed is missed.
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    if (standbys > 0) {
      // Tasks move to a new member at once, not after ten minutes.
      config.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
    } else {
      // A slow machine is no reason to abort. Members of a group rather wait for as long as Kafka
      // Streams has it until they work on what a killed one left open.
      config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
    }
    // What closes is emitted with the record that closes it, not at a whim of the wall clock.
    config.put(StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_WINDOWED_AGGREGATION, 0L);
    config.put(
        StreamsConfig.InternalConfig.EMIT_INTERVAL_MS_KSTREAMS_OUTER_JOIN_SPURIOUS_RESULTS_FIX, 0L);
    engine.putInto(config);
    return config;
  }

  /** What {@link #fromArguments} understands. */
  List<String> arguments() {
    return List.of(
        bootstrapServers,
        application,
        member,
        stateDirectory.toString(),
        engine.name(),
        guarantee,
        "" + cacheBytes,
        "" + standbys,
        commits.name(),
        operators.name());
  }

  static Settings fromArguments(String[] arguments) {
    List<String> left = new ArrayList<>(List.of(arguments));
    return new Settings(
        left.remove(0),
        left.remove(0),
        left.remove(0),
        Path.of(left.remove(0)),
        Engine.valueOf(left.remove(0)),
        left.remove(0),
        Long.parseLong(left.remove(0)),
        Integer.parseInt(left.remove(0)),
        Commits.valueOf(left.remove(0)),
        Operators.valueOf(left.remove(0)));
  }
}
