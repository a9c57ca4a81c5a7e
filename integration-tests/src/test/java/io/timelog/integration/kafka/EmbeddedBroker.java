package io.timelog.integration.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One broker in the process of the tests, which is also its own controller. All classes of a run
 * share it: it starts before the first of them and ends with the run.
 */
final class EmbeddedBroker implements BeforeAllCallback, Broker {
  private static final int NODE = 1;
  private static final String CONTROLLER = "CONTROLLER";

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
    return Objects.requireNonNull(running, "the broker starts before all tests").bootstrapServers();
  }

  /** JUnit closes it, because it is in the store of the run. */
  private record Running(KafkaRaftServer server, String bootstrapServers, Path directory)
      implements AutoCloseable {
    static Running start() {
      try {
        int port;
        int controllerPort;
        // Both at once, or they could be the same.
        try (ServerSocket broker = freePort();
            ServerSocket controller = freePort()) {
          port = broker.getLocalPort();
          controllerPort = controller.getLocalPort();
        }
        Path directory = Files.createTempDirectory("timelog-broker-");
        format(directory.resolve("data"));
        KafkaRaftServer server =
            new KafkaRaftServer(
                new KafkaConfig(config(directory.resolve("data"), port, controllerPort), false),
                Time.SYSTEM);
        server.startup();
        return new Running(server, "localhost:" + port, directory);
      } catch (Exception e) {
        throw new IllegalStateException("The embedded broker did not start", e);
      }
    }

    private static ServerSocket freePort() throws IOException {
      return new ServerSocket(0, 1, InetAddress.getByName("localhost"));
    }

    private static void format(Path directory) throws Exception {
      new Formatter()
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE)
          .setControllerListenerName(CONTROLLER)
          .addDirectory(directory.toString())
          .run();
    }

    private static Map<String, Object> config(Path directory, int port, int controllerPort) {
      Map<String, Object> config = new HashMap<>(BrokerSettings.OF_ONE_NODE);
      config.put("process.roles", "broker,controller");
      config.put("node.id", "" + NODE);
      config.put("controller.quorum.voters", NODE + "@localhost:" + controllerPort);
      config.put("controller.listener.names", CONTROLLER);
      config.put(
          "listeners",
          "PLAINTEXT://localhost:" + port + "," + CONTROLLER + "://localhost:" + controllerPort);
      config.put(
          "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
      config.put("log.dirs", directory.toString());
      return config;
    }

    @Override
    public void close() throws IOException {
      server.shutdown();
      server.awaitShutdown();
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
