package io.timelog.internal.engine;

import io.timelog.internal.manifest.FileId;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Names that no segment of any store ever had. Thread-safe.
 *
 * <p>Each store that is opened has its own, and one that is opened again has others. It cannot go
 * on where it was, for a crash may have made it forget segments that an export has handed out.
 */
final class SegmentNames implements Supplier<String> {
  private final UUID origin = UUID.randomUUID();
  private final AtomicLong last = new AtomicLong();

  @Override
  public String get() {
    return new FileId(origin, last.incrementAndGet()).name();
  }
}
