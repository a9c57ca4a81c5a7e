package io.timelog.examples.flights.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this process: a cluster of one node that is its own controller (KRaft). It
 * listens on free ports of the local host and keeps its data in a directory of the caller's.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE = 1;
  private static final int ATTEMPTS = 5;
  private static final String CONTROLLER_LISTENER = "CONTROLLER";

  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a new broker; {@code directory} is empty or does not exist. Takes some seconds. */
  public static EmbeddedBroker start(Path directory) throws Exception {
    KafkaException failure = null;
    // A free port may be taken by somebody else before the broker takes it.
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return startOnce(directory.resolve("attempt-" + attempt));
      } catch (KafkaException e) {
        failure = e;
      }
    }
    throw new IOException("The broker did not start: attempts=" + ATTEMPTS, failure);
  }

  private static EmbeddedBroker startOnce(Path directory) throws Exception {
    String host = "localhost";
    int port;
    int controllerPort;
    try (ServerSocket first = freePort(host);
        ServerSocket second = freePort(host)) {
      port = first.getLocalPort();
      controllerPort = second.getLocalPort();
    }
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE)
        .setControllerListenerName(CONTROLLER_LISTENER)
        .addDirectory(directory.toString())
        .run();
    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(config(directory, host, port, controllerPort), false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(server, host + ":" + port);
  }

  private static ServerSocket freePort(String host) throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName(host));
  }

  private static Map<String, Object> config(
      Path directory, String host, int port, int controllerPort) {
    Map<String, Object> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", "" + NODE);
    config.put(
        "listeners",
        "PLAINTEXT://%s:%d,%s://%s:%d"
            .formatted(host, port, CONTROLLER_LISTENER, host, controllerPort));
    config.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(host, port));
    config.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,%s:PLAINTEXT".formatted(CONTROLLER_LISTENER));
    config.put("controller.listener.names", CONTROLLER_LISTENER);
    config.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE, host, controllerPort));
    config.put("log.dirs", directory.toString());
    config.put("auto.create.topics.enable", "false");
    // One node cannot replicate, and nobody else joins the group.
    config.put("offsets.topic.replication.factor", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("group.initial.rebalance.delay.ms", "0");
    // Event times are of 2001, and the broker would delete what it takes for old.
    config.put("log.retention.ms", "-1");
    config.put("log.cleaner.dedupe.buffer.size", "" + (4 << 20));
    return config;
  }

  /** Where clients find the broker. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
