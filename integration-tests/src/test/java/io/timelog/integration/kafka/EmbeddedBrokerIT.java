package io.timelog.integration.kafka;

import io.timelog.integration.fixture.EmbeddedBroker;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * All contracts on a broker in this process: real, though without a network between. Each test has
 * applications and topics of its own.
 */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
final class EmbeddedBrokerIT {
  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

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
