package io.timelog;

import java.io.IOException;

/** Where an import finds the files of an export. */
@FunctionalInterface
public interface FileSource {
  /**
   * Opens a file. The import closes it when it has read what it needs.
   *
   * @param name the {@linkplain ExportedFile#name() name} under which it was exported
   * @throws IOException if there is no such file, or it cannot be opened
   */
  ReadableFile open(String name) throws IOException;
}
