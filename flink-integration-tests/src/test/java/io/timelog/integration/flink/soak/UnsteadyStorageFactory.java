package io.timelog.integration.flink.soak;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** By this Flink finds {@link UnsteadyStorage}. */
public final class UnsteadyStorageFactory implements FileSystemFactory {
  @Override
  public String getScheme() {
    return UnsteadyStorage.SCHEME;
  }

  @Override
  public FileSystem create(URI uri) {
    return new UnsteadyStorage();
  }
}
