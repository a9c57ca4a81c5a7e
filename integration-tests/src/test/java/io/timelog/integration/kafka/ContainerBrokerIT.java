package io.timelog.integration.kafka;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.BrokerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** All contracts on the broker that Apache Kafka publishes as an image, where there is Docker. */
@Testcontainers(disabledWithoutDocker = true)
@Timeout(600)
final class ContainerBrokerIT {
  @Container
  static final KafkaContainer KAFKA =
      new KafkaContainer("apache/kafka:" + clientVersion()).withEnv(environment());

  private static final Broker BROKER = KAFKA::getBootstrapServers;

  private static String clientVersion() {
    Properties version = new Properties();
    try (InputStream resource =
        Admin.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      version.load(Objects.requireNonNull(resource, "the version of the clients"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return version.getProperty("version");
  }

  /** The image takes settings as variables: {@code KAFKA_NODE_ID} for {@code node.id}. */
  private static Map<String, String> environment() {
    return BrokerSettings.OF_ONE_NODE.entrySet().stream()
        .collect(
            Collectors.toMap(
                setting -> "KAFKA_" + setting.getKey().replace('.', '_').toUpperCase(Locale.ROOT),
                Map.Entry::getValue));
  }

  @Nested
  final class Dsl extends DslContract {
    Dsl() {
      super(BROKER);
    }
  }

  @Nested
  final class Crash extends CrashContract {
    Crash() {
      super(BROKER);
    }
  }

  @Nested
  final class Kills extends RepeatedKillsContract {
    Kills() {
      super(BROKER);
    }
  }

  @Nested
  final class Moves extends MovesContract {
    Moves() {
      super(BROKER);
    }
  }

  @Nested
  final class Standby extends StandbyContract {
    Standby() {
      super(BROKER);
    }
  }

  @Nested
  final class Queries extends QueriesContract {
    Queries() {
      super(BROKER);
    }
  }
}
