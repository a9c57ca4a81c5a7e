package io.timelog.flink.internal.host;

import io.timelog.flink.internal.local.StateDirectory;
import io.timelog.flink.internal.memory.SlotMemory;
import org.apache.flink.runtime.memory.OpaqueMemoryResource;
import org.apache.flink.util.IOUtils;

/**
 * What a backend has of its task manager. To be closed when its stores are; closing twice does
 * nothing.
 */
record BackendResources(StateDirectory directory, OpaqueMemoryResource<SlotMemory> memory)
    implements AutoCloseable {
  @Override
  public void close() {
    directory.close();
    IOUtils.closeQuietly(memory);
  }
}
