package io.timelog.integration.kafka;

import io.timelog.integration.fixture.EmbeddedBroker;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All contracts on a broker in this process: real, though without a network between. */
@Timeout(600)
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
