package io.timelog.integration.kafka;

import io.timelog.integration.fixture.Broker;
import io.timelog.integration.fixture.BrokerSettings;
import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.JavaProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * A broker in a process of its own, which is also its own controller. It can be killed, and comes
 * back on the same port with the same data.
 */
final class BrokerProcess implements AutoCloseable, Broker {
  private final Path directory;
  private final int port;
  private final Path config;
  private JavaProcess process;

  private BrokerProcess(Path directory, int port, Path config, JavaProcess process) {
    this.directory = directory;
    this.port = port;
    this.config = config;
    this.process = process;
  }

  /** Returns when it answers. */
  static BrokerProcess start(Path directory) throws Exception {
    int port;
    int controllerPort;
    // Both at once, or they could be the same.
    try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket controller = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = broker.getLocalPort();
      controllerPort = controller.getLocalPort();
    }
    Path config =
        Files.write(directory.resolve("properties"), lines(directory, port, controllerPort));
    try (JavaProcess format =
        JavaProcess.start(
            directory.resolve("format"),
            "kafka.tools.StorageTool",
            List.of("format", "-t", Uuid.randomUuid().toString(), "-c", config.toString()))) {
      format.awaitSuccess();
    }
    BrokerProcess broker = new BrokerProcess(directory, port, config, run(directory, config));
    broker.awaitAnswer();
    return broker;
  }

  private static List<String> lines(Path directory, int port, int controllerPort) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "listeners=PLAINTEXT://127.0.0.1:"
                    + port
                    + ",CONTROLLER://127.0.0.1:"
                    + controllerPort,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + directory.resolve("data")));
    for (Map.Entry<String, String> setting : BrokerSettings.OF_ONE_NODE.entrySet()) {
      lines.add(setting.getKey() + "=" + setting.getValue());
    }
    return lines;
  }

  private static JavaProcess run(Path directory, Path config) throws Exception {
    return JavaProcess.start(
        directory.resolve("broker"), "kafka.Kafka", List.of(config.toString()));
  }

  private void awaitAnswer() throws Exception {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      Eventually.holds(
          "the broker answers",
          () -> {
            process.failIfDead();
            try {
              return !admin.describeCluster().nodes().get().isEmpty();
            } catch (ExecutionException notYet) {
              return false;
            }
          },
          process::log);
    }
  }

  void kill() throws InterruptedException {
    process.kill();
  }

  /** Starts it on what it had written when it was killed; returns when it answers. */
  void restart() throws Exception {
    process = run(directory, config);
    awaitAnswer();
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
