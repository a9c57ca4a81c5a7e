package io.timelog.internal.storage.disk;

import java.io.Closeable;
import java.io.IOException;

/** That a directory has one owner, for as long as this is not closed. */
public interface DirectoryLock extends Closeable {
  /** Lets others take the directory. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
