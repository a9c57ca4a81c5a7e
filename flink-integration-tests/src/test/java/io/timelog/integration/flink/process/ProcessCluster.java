package io.timelog.integration.flink.process;

import io.timelog.integration.fixture.Eventually;
import io.timelog.integration.fixture.JavaProcess;
import io.timelog.integration.flink.JobTopics;
import io.timelog.integration.flink.job.ReadingsJob;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.PackagedProgramUtils;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/** A session cluster: a job manager and task managers, each a process of its own. */
final class ProcessCluster implements AutoCloseable {
  /** What Flink's own configuration gives to the virtual machines of its processes. */
  private static final List<String> OPENS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.time=ALL-UNNAMED");

  private final Path directory;
  private final String classPath;
  private final Configuration configuration;
  private final RestClusterClient<StandaloneClusterId> client;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<JavaProcess> taskManagers = new ArrayDeque<>();
  private final List<JavaProcess> all = new ArrayList<>();

  private ProcessCluster(Path directory, String classPath, Configuration configuration)
      throws Exception {
    this.directory = directory;
    this.classPath = classPath;
    this.configuration = configuration;
    client = new RestClusterClient<>(configuration, StandaloneClusterId.getInstance());
  }

  /**
   * Starts a job manager and no task manager.
   *
   * @param classPath what is in {@code lib/}
   * @param settings what {@code config.yaml} has, but for addresses
   */
  static ProcessCluster start(Path directory, String classPath, Map<String, String> settings)
      throws Exception {
    Map<String, String> all = new TreeMap<>(settings);
    try (ServerSocket rpc = freePort();
        ServerSocket rest = freePort()) {
      all.put("jobmanager.rpc.address", "localhost");
      all.put("jobmanager.rpc.port", Integer.toString(rpc.getLocalPort()));
      all.put("rest.address", "localhost");
      all.put("rest.port", Integer.toString(rest.getLocalPort()));
      all.put("taskmanager.host", "localhost");
    }
    Files.createDirectories(directory.resolve("conf"));
    Files.write(
        directory.resolve("conf").resolve("config.yaml"),
        all.entrySet().stream()
            .map(setting -> setting.getKey() + ": " + setting.getValue())
            .toList());
    ProcessCluster cluster = new ProcessCluster(directory, classPath, Configuration.fromMap(all));
    cluster.startJobManager();
    return cluster;
  }

  private static ServerSocket freePort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName("localhost"));
  }

  private void startJobManager() throws IOException {
    List<String> options = new ArrayList<>(OPENS);
    options.add("-Xmx256m");
    all.add(
        JavaProcess.start(
            directory.resolve("jobmanager"),
            options,
            classPath,
            StandaloneSessionClusterEntrypoint.class.getName(),
            List.of("--configDir", directory.resolve("conf").toString())));
  }

  /** Starts a task manager, with the memory that Flink's scripts would give to its process. */
  void startTaskManager() throws IOException {
    TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
    List<String> options = new ArrayList<>(OPENS);
    options.addAll(List.of(ProcessMemoryUtils.generateJvmParametersStr(memory).split(" ")));
    List<String> arguments =
        new ArrayList<>(List.of("--configDir", directory.resolve("conf").toString()));
    arguments.addAll(
        List.of(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory).trim().split(" +")));
    JavaProcess taskManager =
        JavaProcess.start(
            directory.resolve("taskmanager-" + all.size()),
            options,
            classPath,
            TaskManagerRunner.class.getName(),
            arguments);
    taskManagers.add(taskManager);
    all.add(taskManager);
  }

  /** Kills the task manager that has been there for longest, with SIGKILL. */
  void killTaskManager() throws InterruptedException {
    taskManagers.remove().kill();
  }

  /** Submits the job as {@code flink run} does. */
  JobID submit(Path jar, ReadingsJob job, int parallelism) throws Exception {
    try (PackagedProgram program =
        PackagedProgram.newBuilder()
            .setJarFile(jar.toFile())
            .setEntryPointClassName(ReadingsJob.class.getName())
            .setConfiguration(configuration)
            .setArguments(job.arguments().toArray(String[]::new))
            .build()) {
      Eventually.holds("the job manager can be asked", () -> isUp(), () -> logs());
      return client
          .submitJob(PackagedProgramUtils.createJobGraph(program, configuration, parallelism, true))
          .get();
    }
  }

  private boolean isUp() throws Exception {
    failIfDead();
    try {
      get("/overview");
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  /** Takes a checkpoint as soon as all tasks run, and returns its number when it is complete. */
  long checkpoint(JobID job) throws Exception {
    long[] checkpoint = new long[1];
    Eventually.holds(
        "a checkpoint is complete",
        () -> {
          failIfDead();
          try {
            checkpoint[0] = client.triggerCheckpoint(job, CheckpointType.FULL).get();
            return true;
          } catch (ExecutionException e) {
            return false;
          }
        },
        () -> logs());
    return checkpoint[0];
  }

  /** Returns when the job has processed all of the input, has closed all windows and is over. */
  void finish(JobID id, ReadingsJob job, JobTopics topics, Path savepoints) throws Exception {
    Eventually.holds(
        "all of the input is behind a checkpoint",
        () -> {
          checkpoint(id);
          return topics.isConsumed(job);
        },
        () -> logs());
    client
        .stopWithSavepoint(id, true, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
        .get();
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(client.getWebInterfaceURL() + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private void failIfDead() {
    all.get(0).failIfDead();
    taskManagers.forEach(JavaProcess::failIfDead);
  }

  private String logs() {
    return all.stream().map(JavaProcess::log).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    client.close();
    all.forEach(JavaProcess::close);
  }
}
