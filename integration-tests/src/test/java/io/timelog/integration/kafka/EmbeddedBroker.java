package io.timelog.integration.kafka;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One broker in the process of the tests, which is also its own controller. All classes of a run
 * share it: it starts before the first of them and ends with the run.
 */
final class EmbeddedBroker implements BeforeAllCallback, Broker {
  private @Nullable Running running;

  @Override
  public void beforeAll(ExtensionContext context) {
    running =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .getOrComputeIfAbsent(Running.class, type -> Running.start(), Running.class);
  }

  @Override
  public String bootstrapServers() {
    return Objects.requireNonNull(running, "the broker starts before all tests")
        .cluster()
        .bootstrapServers();
  }

  /** JUnit closes it, because it is in the store of the run. */
  private record Running(KafkaClusterTestKit cluster) implements AutoCloseable {
    static Running start() {
      try {
        KafkaClusterTestKit.Builder builder =
            new KafkaClusterTestKit.Builder(
                new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
                    .build());
        for (Map.Entry<String, String> setting : BrokerSettings.OF_ONE_NODE.entrySet()) {
          builder.setConfigProp(setting.getKey(), setting.getValue());
        }
        KafkaClusterTestKit cluster = builder.build();
        cluster.format();
        cluster.startup();
        cluster.waitForReadyBrokers();
        return new Running(cluster);
      } catch (Exception e) {
        throw new IllegalStateException("The embedded broker did not start", e);
      }
    }

    @Override
    public void close() {
      try {
        cluster.close();
      } catch (Exception e) {
        throw new IllegalStateException("The embedded broker did not stop", e);
      }
    }
  }
}
