package io.timelog.integration.kafka;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that is killed over and over, while its broker is killed now and then. Too slow
 * for every build: it runs with {@code -Pbroker-crash}.
 */
@Tag("broker-crash")
@Timeout(3_600)
final class BouncedBrokerIT extends RepeatedKillsContract {
  private static final int KILLS_PER_BOUNCE = 2;

  @TempDir static Path brokerDirectory;

  private static BrokerProcess broker;

  BouncedBrokerIT() {
    super(broker);
  }

  @BeforeAll
  static void startBroker() throws Exception {
    broker = BrokerProcess.start(brokerDirectory);
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  @Override
  void afterKill(int number) throws Exception {
    if (number % KILLS_PER_BOUNCE == 0) {
      broker.kill();
      broker.restart();
    }
  }
}
