package io.timelog.internal.directory;

import io.timelog.internal.directory.StoreFile.Kind;
import io.timelog.internal.manifest.StoreManifest;
import io.timelog.internal.manifest.StoreManifestFormat;
import java.util.HashSet;
import java.util.Set;

/** The files that a manifest names, for tests that know its bytes. */
public final class ManifestNames {
  private ManifestNames() {}

  /** The names of the files. */
  public static Set<String> of(byte[] manifest) {
    StoreManifest decoded = StoreManifestFormat.decode(manifest, "manifest");
    Set<String> names = new HashSet<>();
    decoded.places().forEach(place -> names.add(new StoreFile(Kind.SEGMENTS, place.file()).name()));
    decoded.logs().forEach(log -> names.add(new StoreFile(Kind.LOG, log.file()).name()));
    return names;
  }
}
