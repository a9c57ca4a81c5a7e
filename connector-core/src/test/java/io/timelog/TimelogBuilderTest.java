package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The settings of a {@link Timelog}. */
final class TimelogBuilderTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension final OpenLogs logs = new OpenLogs();

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  @Test
  void withoutSettings_theLogCountsMilliseconds_leavesMaintenanceToTheCaller_andFlushesWhenBusy() {
    Timelog<String> log = logs.ofStrings();

    assertThat(log.timePrecision()).isEqualTo(TimePrecision.MILLIS);
    assertThat(log.maintenance()).isEqualTo(Maintenance.DISABLED);
    assertThat(log.busyPolicy()).isEqualTo(BusyPolicy.FLUSH);
    assertThat(log.memoryBudget().limitBytes()).isEqualTo(256 * MIB);
    assertThat(log.name()).isEqualTo("timelog");
    assertThat(log.isClosed()).isFalse();
  }

  @Test
  void settings_areWhatTheBuilderWasTold() {
    MemoryBudget budget = MemoryBudget.ofBytes(8 * MIB);

    Timelog<Long> log =
        logs.open(
            Timelog.builder(Codecs.longs())
                .name("ticks")
                .timePrecision(TimePrecision.NANOS)
                .maintenance(Maintenance.BACKGROUND)
                .busyPolicy(BusyPolicy.SILENT)
                .memoryBudget(budget));

    assertThat(log.name()).isEqualTo("ticks");
    assertThat(log.timePrecision()).isEqualTo(TimePrecision.NANOS);
    assertThat(log.maintenance()).isEqualTo(Maintenance.BACKGROUND);
    assertThat(log.busyPolicy()).isEqualTo(BusyPolicy.SILENT);
    assertThat(log.memoryBudget()).isSameAs(budget);
  }

  @Test
  void forStreaming_isMaintainedInTheBackground_andFlushesWhenBusy() {
    Timelog<String> log = logs.open(Timelog.forStreaming(Codecs.utf8()));

    assertThat(log.maintenance()).isEqualTo(Maintenance.BACKGROUND);
    assertThat(log.busyPolicy()).isEqualTo(BusyPolicy.FLUSH);
  }

  @Test
  void forBulkIngest_isNotMaintained_andSealsAt16MiB() {
    Timelog<byte[]> log = logs.open(Timelog.forBulkIngest(Codecs.bytes()));

    appendBytes(log, 12 * MIB);
    assertThat(log.stats().engine().sealedRuns()).isZero();
    appendBytes(log, 4 * MIB);

    assertThat(log.stats().engine().sealedRuns()).isOne();
    assertThat(log.maintenance()).isEqualTo(Maintenance.DISABLED);
    assertThat(log.busyPolicy()).isEqualTo(BusyPolicy.FLUSH);
  }

  @Test
  void forLowLatency_isMaintainedInTheBackground_tellsWhenBusy_andSealsAt256KiB() {
    Timelog<byte[]> log = logs.open(Timelog.forLowLatency(Codecs.bytes()));
    assertThat(log.maintenance()).isEqualTo(Maintenance.BACKGROUND);
    assertThat(log.busyPolicy()).isEqualTo(BusyPolicy.RAISE);
    log.stopMaintenance();

    appendBytes(log, 256 << 10);

    assertThat(log.stats().engine().sealedRuns()).isPositive();
  }

  @Test
  void memtable_isSealedAt1MiB_ifNothingElseIsSaid() {
    Timelog<byte[]> log = logs.open(Timelog.builder(Codecs.bytes()));

    appendBytes(log, MIB / 2);
    assertThat(log.stats().engine().sealedRuns()).isZero();
    appendBytes(log, MIB / 2 + MIB / 4);

    assertThat(log.stats().engine().sealedRuns()).isOne();
  }

  private static void appendBytes(Timelog<byte[]> log, long bytes) {
    byte[] value = new byte[1 << 10];
    for (long i = 0; i < bytes / value.length; i++) {
      log.append(10, value);
    }
  }

  @Test
  void windowSize_cutsTimeFromTheOriginOn() {
    Timelog<String> log =
        logs.open(Timelog.builder(Codecs.utf8()).windowSize(100).windowOrigin(50));

    log.append(49, "a");
    log.append(50, "b");
    log.append(149, "c");
    log.append(150, "d");

    assertThat(log.stats().entries().windows()).isEqualTo(3);
  }

  @Test
  void windowSize_mayBeADuration_andTheOriginAnInstant() {
    Timelog<String> log =
        logs.open(
            Timelog.builder(Codecs.utf8())
                .windowSize(Duration.ofSeconds(1))
                .windowOrigin(at(500))
                .timePrecision(TimePrecision.MICROS));

    log.append(499_999, "a");
    log.append(500_000, "b");
    log.append(1_499_999, "c");

    assertThat(log.stats().entries().windows()).isEqualTo(2);
  }

  @Test
  void timestampsFarApart_doNotMakeAWindowEach() {
    Timelog<String> log = logs.open(Timelog.builder(Codecs.utf8()).windowSize(1));

    for (long t = 0; t < 10_000; t++) {
      log.append(t * 1_000_000_007L, "x");
    }

    assertThat(log.stats().entries().windows()).isLessThan(2_000);
  }

  @TestFactory
  Stream<DynamicTest> settingsThatMakeNoSense_areRefusedWithTheirNameAndValue() {
    return Stream.of(
        refused(
            "memtableMaxBytes must be at least 4096: memtableMaxBytes=4095",
            builder -> builder.memtableMaxBytes(4095)),
        refused(
            "memtableMaxBytes must be at least 4096: memtableMaxBytes=-1",
            builder -> builder.memtableMaxBytes(-1)),
        refused(
            "targetPageBytes must lie between 128 and 16777216: targetPageBytes=127",
            builder -> builder.targetPageBytes(127)),
        refused(
            "targetPageBytes must lie between 128 and 16777216: targetPageBytes=4294967424",
            builder -> builder.targetPageBytes((1L << 32) + 128)),
        refused(
            "sealedMaxRuns must not be negative: sealedMaxRuns=-1",
            builder -> builder.sealedMaxRuns(-1)),
        refused(
            "drainBatchLimit must be positive: drainBatchLimit=0",
            builder -> builder.drainBatchLimit(0)),
        refused(
            "maxOpenFiles must be positive: maxOpenFiles=0", builder -> builder.maxOpenFiles(0)),
        refused("windowSize must be positive: windowSize=0", builder -> builder.windowSize(0)),
        refused(
            "windowSize must be positive: windowSize=PT-1S",
            builder -> builder.windowSize(Duration.ofSeconds(-1))),
        refused(
            "memtableMaxBytes must not exceed the memory budget: memtableMaxBytes=1048576,"
                + " limitBytes=65536",
            builder -> builder.memoryBudget(MemoryBudget.ofBytes(64 << 10)).build()),
        refused(
            "windowOrigin needs a windowSize, and none is set: windowOrigin=5",
            builder -> builder.windowOrigin(5).build()));
  }

  private static DynamicTest refused(String message, Consumer<TimelogBuilder<String>> setting) {
    return DynamicTest.dynamicTest(
        message,
        () ->
            assertThatThrownBy(() -> setting.accept(Timelog.builder(Codecs.utf8())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
  }

  @Test
  void windowSizeThatIsNoWholeNumberOfTicks_isAnArithmeticException() {
    TimelogBuilder<String> builder = Timelog.builder(Codecs.utf8()).windowSize(Duration.ofNanos(1));

    assertThatThrownBy(builder::build)
        .isInstanceOf(ArithmeticException.class)
        .hasMessage(
            "The duration is not a whole number of ticks: duration=PT0.000000001S,"
                + " precision=MILLIS");
  }

  @Test
  void nullCodecOrSetting_isRefused() {
    assertThatThrownBy(() -> Timelog.builder(null)).isInstanceOf(NullPointerException.class);
    TimelogBuilder<String> builder = Timelog.builder(Codecs.utf8());
    assertThatThrownBy(() -> builder.busyPolicy(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.dropListener(null)).isInstanceOf(NullPointerException.class);
  }
}
