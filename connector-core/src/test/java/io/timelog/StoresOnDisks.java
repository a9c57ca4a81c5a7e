package io.timelog;

import io.timelog.internal.engine.StoreObservers;
import io.timelog.internal.engine.StoreSettings;
import io.timelog.internal.medium.DirectoryMedium;
import io.timelog.internal.storage.disk.Disk;
import java.nio.file.Path;

/** Opens stores on disks that are none of the operating system. */
public final class StoresOnDisks {
  /** What messages call the directory. */
  public static final Path DIRECTORY = Path.of("store");

  private StoresOnDisks() {}

  /** As {@link TimelogStore#open}. */
  public static TimelogStore open(
      Disk disk, TimelogStore.Builder settings, StoreObservers observers) {
    StoreSettings checked = settings.storeSettings();
    return TimelogStore.open(
        DirectoryMedium.open(disk, DIRECTORY, "test", checked.maxOpenFiles(), checked.codecs()),
        checked,
        observers);
  }
}
