package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.StoreManifestFormat;
import java.util.Set;
import java.util.stream.Collectors;

/** The files that a manifest names, for tests that know its bytes. */
public final class ManifestNames {
  private ManifestNames() {}

  /** The names of the files. */
  public static Set<String> of(byte[] manifest) {
    return FileLedger.filesOf(StoreManifestFormat.decode(manifest, "manifest")).stream()
        .map(number -> new StoreFile(Kind.SEGMENTS, number).name())
        .collect(Collectors.toSet());
  }
}
