package io.timelog.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.timelog.Codecs;
import io.timelog.Maintenance;
import io.timelog.MemoryBudget;
import io.timelog.MemoryBudgetExceededException;
import io.timelog.TimeRange;
import io.timelog.Timelog;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is deleted at the old end of a full log makes room for as much at the new end. */
@Timeout(120)
final class DeletedHalfTest {
  /** So many that they lie in many flushed runs of one window, which do not fit beside a copy. */
  private static final long BUDGET_BYTES = 48L << 20;

  private static final byte[] VALUE = new byte[100];

  /** How the entries before a timestamp are deleted. */
  enum Delete {
    BEFORE {
      @Override
      void until(long end, Timelog<byte[]> log) {
        log.deleteBefore(end);
      }
    },
    RANGE {
      @Override
      void until(long end, Timelog<byte[]> log) {
        log.deleteRange(0, end);
      }
    },
    RANGES_SIDE_BY_SIDE {
      @Override
      void until(long end, Timelog<byte[]> log) {
        log.deleteRange(end / 3, end);
        log.deleteRange(0, end / 3);
      }
    };

    abstract void until(long end, Timelog<byte[]> log);
  }

  static Stream<Arguments> inputs() {
    return Arrays.stream(Maintenance.values())
        .flatMap(mode -> Arrays.stream(Delete.values()).map(way -> Arguments.of(mode, way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("inputs")
  void olderHalfThatIsDeleted_makesRoomForAQuarter(Maintenance maintenance, Delete way) {
    try (Timelog<byte[]> log =
        Timelog.builder(Codecs.bytes())
            .memoryBudget(MemoryBudget.ofBytes(BUDGET_BYTES))
            .maintenance(maintenance)
            .build()) {
      int entries = fill(log);

      way.until(entries / 2, log);

      for (int i = 0; i < entries / 4; i++) {
        int number = entries + i;
        assertThatCode(() -> log.append(number, VALUE))
            .as("entry %d of %d, among %d", number - entries, entries / 4, entries)
            .doesNotThrowAnyException();
      }
      assertThat(log.count(TimeRange.all())).isEqualTo(entries - entries / 2 + entries / 4);
    }
  }

  private static int fill(Timelog<byte[]> log) {
    int entries = 0;
    try {
      while (true) {
        log.append(entries, VALUE);
        entries++;
      }
    } catch (MemoryBudgetExceededException full) {
      return entries;
    }
  }
}
