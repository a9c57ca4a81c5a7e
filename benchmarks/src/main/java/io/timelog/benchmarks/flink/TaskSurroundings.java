package io.timelog.benchmarks.flink;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.io.disk.iomanager.IOManagerAsync;
import org.apache.flink.runtime.memory.MemoryManager;
import org.apache.flink.runtime.memory.SharedResources;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.TaskStateManager;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.util.SimpleUserCodeClassLoader;

/** What a state backend asks of the task that it is in; anything else has no answer. */
final class TaskSurroundings implements Closeable {
  private static final int PAGE_BYTES = 32 << 10;

  private final IOManagerAsync disk;
  private final Environment environment;

  /**
   * The surroundings of a task.
   *
   * @param directory for files
   * @param managedBytes of memory, all of them for state
   */
  TaskSurroundings(Path directory, long managedBytes) {
    disk = new IOManagerAsync(directory.toString());
    environment =
        answering(
            Environment.class,
            Map.of(
                "getJobID",
                new JobID(),
                "getExecutionConfig",
                new ExecutionConfig(),
                "getUserCodeClassLoader",
                SimpleUserCodeClassLoader.create(TaskSurroundings.class.getClassLoader()),
                "getMemoryManager",
                MemoryManager.create(managedBytes, PAGE_BYTES),
                "getSharedResources",
                new SharedResources(),
                "getIOManager",
                disk,
                "getTaskManagerInfo",
                answering(
                    TaskManagerRuntimeInfo.class,
                    Map.of("getTmpWorkingDirectory", directory.toFile())),
                "getTaskStateManager",
                answering(
                    TaskStateManager.class,
                    Map.of(
                        "createLocalRecoveryConfig",
                        LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED))));
  }

  /** An object that answers some methods, by their names, with what is given here. */
  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object answer = answers.get(method.getName());
              if (answer == null) {
                throw new IllegalStateException(
                    "A backend asks what no task of a benchmark answers: method=" + method);
              }
              return answer;
            }));
  }

  /** As backends are given it. */
  Environment environment() {
    return environment;
  }

  @Override
  public void close() throws IOException {
    try {
      disk.close();
    } catch (Exception e) {
      throw new IOException("The files of a task could not be closed", e);
    }
  }
}
