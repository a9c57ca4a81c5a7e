package io.timelog;

import static io.timelog.OpenLogs.contents;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a {@link Timelog} refuses a write, what it says, and that nothing has changed then. */
final class TimelogRefusalTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension final OpenLogs logs = new OpenLogs();

  private record Attempt(String name, Consumer<Timelog<String>> call) {}

  @Nested
  final class OneWriter {

    /** Waits in the middle of a write until it is let go. */
    private static final class WaitingCodec implements Codec<String> {
      final CountDownLatch entered = new CountDownLatch(1);
      final CountDownLatch letGo = new CountDownLatch(1);

      @Override
      public int size(String value) {
        if (value.equals("wait")) {
          entered.countDown();
          await(letGo);
        }
        return Codecs.utf8().size(value);
      }

      @Override
      public void write(String value, ByteBuffer target) {
        Codecs.utf8().write(value, target);
      }

      @Override
      public String read(ByteBuffer source) {
        return Codecs.utf8().read(source);
      }
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @TestFactory
    Stream<DynamicTest> second_isToldSo_andTheFirstGoesOn() {
      return Stream.of(
              new Attempt("append", log -> log.append(20, "b")),
              new Attempt("extend", log -> log.extend(List.of(new Entry<>(20, "b")))),
              new Attempt("deleteRange", log -> log.deleteRange(0, 100)),
              new Attempt("deleteBefore", log -> log.deleteBefore(100)),
              new Attempt("flush", Timelog::flush),
              new Attempt("close", Timelog::close))
          .flatMap(
              attempt ->
                  Stream.of(
                          new Attempt("append", log -> log.append(30, "wait")),
                          new Attempt(
                              "extend", log -> log.extend(List.of(new Entry<>(30, "wait")))))
                      .map(first -> secondIsRefused(first, attempt)));
    }

    private DynamicTest secondIsRefused(Attempt first, Attempt second) {
      return DynamicTest.dynamicTest(
          second.name() + " during " + first.name(),
          () -> {
            WaitingCodec codec = new WaitingCodec();
            try (Timelog<String> log = Timelog.builder(codec).name("shared").build()) {
              log.append(10, "a");
              CompletableFuture<Void> writer =
                  CompletableFuture.runAsync(() -> first.call().accept(log));
              await(codec.entered);

              assertThatThrownBy(() -> second.call().accept(log))
                  .isInstanceOf(ConcurrentWriterException.class)
                  .hasMessage(
                      "Another thread is writing to this store at this moment, and a store has one"
                          + " writer at a time; this write was not accepted: store=shared");
              codec.letGo.countDown();
              writer.join();

              assertThat(contents(log)).containsExactly("10 a", "30 wait");
              log.append(20, "b");
            }
          });
    }

    @Test
    void mayBeAnotherThreadLater() {
      Timelog<String> log = logs.ofStrings();

      CompletableFuture.runAsync(() -> log.append(40, "e")).join();
      log.append(50, "f");

      assertThat(contents(log)).containsExactly("40 e", "50 f");
    }
  }

  @Nested
  final class Busy {

    private Timelog<byte[]> log(BusyPolicy policy) {
      return logs.open(
          Timelog.builder(Codecs.bytes())
              .busyPolicy(policy)
              .memtableMaxBytes(4096)
              .sealedMaxRuns(1));
    }

    private int appendUntilBusy(Timelog<byte[]> log) {
      int accepted = 0;
      while (log.stats().engine().busyWrites() == 0) {
        log.append(10, new byte[512]);
        accepted++;
      }
      return accepted;
    }

    @Test
    void raise_acceptsTheEntry_andSaysSo() {
      Timelog<byte[]> log = log(BusyPolicy.RAISE);
      int[] accepted = {0};

      assertThatThrownBy(
              () -> {
                while (true) {
                  accepted[0]++;
                  log.append(10, new byte[512]);
                }
              })
          .isInstanceOf(TimelogBusyException.class)
          .hasMessage(
              "The write was accepted, do not repeat it, but maintenance lags: sealedRuns=2,"
                  + " sealedMaxRuns=1. Call flush(), start background maintenance, or write more"
                  + " slowly.");
      assertThat(log.count(TimeRange.all())).isEqualTo(accepted[0]);

      log.flush();
      log.append(10, new byte[512]);
      assertThat(log.count(TimeRange.all())).isEqualTo(accepted[0] + 1);
    }

    @Test
    void raise_acceptsAWholeBatch_andSaysSo() {
      Timelog<byte[]> log = log(BusyPolicy.RAISE);

      assertThatThrownBy(
              () ->
                  log.extend(
                      LongStream.range(0, 5_000).mapToObj(t -> new Entry<>(t, new byte[100]))))
          .isInstanceOf(TimelogBusyException.class);
      assertThat(log.count(TimeRange.all())).isEqualTo(5_000);
    }

    @Test
    void silent_acceptsTheEntry_andSaysNothing() {
      Timelog<byte[]> log = log(BusyPolicy.SILENT);

      int accepted = appendUntilBusy(log);

      assertThat(log.count(TimeRange.all())).isEqualTo(accepted);
      assertThat(log.stats().engine().sealedRuns()).isEqualTo(2);
    }

    @Test
    void flush_acceptsTheEntry_andFlushes() {
      Timelog<byte[]> log = log(BusyPolicy.FLUSH);

      int accepted = appendUntilBusy(log);

      assertThat(log.count(TimeRange.all())).isEqualTo(accepted);
      assertThat(log.stats().engine().sealedRuns()).isZero();
      assertThat(log.stats().engine().flushes()).isEqualTo(2);
    }
  }

  @Nested
  final class MemoryBound {

    @Test
    void refusesAWriteThatDoesNotFit_namesBudgetAndUse_andKeepsWhatIsThere() {
      Timelog<byte[]> log =
          logs.open(Timelog.builder(Codecs.bytes()).memoryBudget(MemoryBudget.ofBytes(4 * MIB)));
      int[] accepted = {0};

      assertThatThrownBy(
              () -> {
                while (true) {
                  log.append(accepted[0], new byte[1000]);
                  accepted[0]++;
                }
              })
          .isInstanceOf(MemoryBudgetExceededException.class)
          .hasMessageMatching(
              "The memory budget is exhausted and the operation was not carried out:"
                  + " requestedBytes=\\d+, usedBytes=\\d+, limitBytes=4194304, table=timelog,"
                  + " store=timelog, keptBytes=262144, heldByReadersBytes=0, oldestReaderAgeMillis=0,"
                  + " otherStoresBytes=0\\. Delete old entries, close cursors and snapshots, or"
                  + " enlarge the MemoryBudget\\.");
      assertThat(log.count(TimeRange.all())).isEqualTo(accepted[0]).isGreaterThan(2_000);
      assertThat(log.memoryBudget().usedBytes()).isLessThanOrEqualTo(4 * MIB);

      log.deleteBefore(accepted[0]);
      log.append(accepted[0], new byte[1000]);
      assertThat(log.count(TimeRange.all())).isOne();
    }
  }

  @Nested
  final class BadCodecs {

    /** Strings whose first character says what goes wrong. */
    private static final class FaultyCodec implements Codec<String> {
      private Runnable reentrance = () -> {};

      @Override
      public int size(String value) {
        return switch (value) {
          case "negative" -> -1;
          case "unsized" -> throw new IllegalArgumentException("no size");
          case "huge" -> Integer.MAX_VALUE;
          default -> value.length();
        };
      }

      @Override
      public void write(String value, ByteBuffer target) {
        if (value.equals("reentrant")) {
          reentrance.run();
        }
        for (int i = 0; i < value.length(); i++) {
          if (value.equals("half") && i == 2) {
            throw new IllegalArgumentException("half written");
          }
          target.put((byte) value.charAt(i));
        }
        if (value.equals("more")) {
          target.put((byte) 0);
        }
        if (value.equals("fewer")) {
          target.position(target.position() - 1);
        }
      }

      @Override
      public String read(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        String value = new String(bytes, UTF_8);
        if (value.equals("unreadable")) {
          throw new IllegalStateException("not readable");
        }
        return value;
      }
    }

    private final FaultyCodec codec = new FaultyCodec();

    private static final String CODEC = "io.timelog.TimelogRefusalTest$BadCodecs$FaultyCodec";

    @TestFactory
    Stream<DynamicTest> areToldWhatIsWrong_andChangeNothing() {
      return Stream.of(
          refused("negative", "The codec announced a negative size: size=-1, codec=" + CODEC),
          refused("unsized", "no size"),
          refused("huge", "A value is too large: bytes=2147483647, max=268435456"),
          refused("half", "half written"),
          refused("more", "The codec wrote more bytes than it announced: size=4, codec=" + CODEC),
          refused(
              "fewer",
              "The codec wrote another number of bytes than it announced: size=5, written=4,"
                  + " codec="
                  + CODEC));
    }

    private DynamicTest refused(String value, String message) {
      return DynamicTest.dynamicTest(
          value,
          () -> {
            try (Timelog<String> log = Timelog.builder(codec).build()) {
              log.append(10, "good");

              assertThatThrownBy(() -> log.append(20, value))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage(message);
              assertThatThrownBy(
                      () -> log.extend(new long[] {1, 2, 3}, List.of("good", value, "good")))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage(message);

              assertThat(contents(log)).containsExactly("10 good");
              log.append(20, "better");
              assertThat(contents(log)).containsExactly("10 good", "20 better");
            }
          });
    }

    @Test
    void thatThrowWhenTheyRead_failTheRead_andNotTheLog() {
      Timelog<String> log = logs.open(Timelog.builder(codec));
      log.append(10, "unreadable");
      log.append(20, "good");

      try (TimelogCursor<String> cursor = log.cursor(TimeRange.all())) {
        cursor.advance();
        assertThatThrownBy(cursor::value).hasMessage("not readable");
        assertThat(cursor.advance()).isTrue();
        assertThat(cursor.value()).isEqualTo("good");
      }
    }

    @Test
    void thatReadNull_areToldSo() {
      Codec<String> nulls = Codecs.serialized(value -> new byte[1], bytes -> null);
      Timelog<String> log = logs.open(Timelog.builder(nulls));
      log.append(10, "x");

      assertThatThrownBy(() -> log.at(10))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("The deserializer returned null");
    }

    @TestFactory
    Stream<DynamicTest> thatUseTheirOwnLogInAWrite_mayReadIt_andAreToldNotToChangeIt() {
      return Stream.of(
              new Attempt("append", log -> log.append(20, "inner")),
              new Attempt("extend", log -> log.extend(List.of(new Entry<>(20, "inner")))),
              new Attempt("deleteRange", log -> log.deleteRange(0, 100)),
              new Attempt("deleteBefore", log -> log.deleteBefore(100)),
              new Attempt("flush", Timelog::flush),
              new Attempt("compact", Timelog::compact),
              new Attempt("startMaintenance", Timelog::startMaintenance),
              new Attempt("stopMaintenance", Timelog::stopMaintenance),
              new Attempt("close", Timelog::close))
          .flatMap(
              inner ->
                  Stream.of(
                          new Attempt("append", log -> log.append(10, "reentrant")),
                          new Attempt(
                              "extend", log -> log.extend(List.of(new Entry<>(10, "reentrant")))))
                      .map(outer -> reentrant(outer, inner)));
    }

    private DynamicTest reentrant(Attempt outer, Attempt inner) {
      return DynamicTest.dynamicTest(
          inner.name() + " within " + outer.name(),
          () -> {
            FaultyCodec own = new FaultyCodec();
            try (Timelog<String> log = Timelog.builder(own).name("own").build()) {
              log.append(5, "before");
              own.reentrance =
                  () -> {
                    assertThat(log.count(TimeRange.all())).isOne();
                    assertThat(contents(log)).containsExactly("5 before");
                    inner.call().accept(log);
                  };

              assertThatThrownBy(() -> outer.call().accept(log))
                  .isExactlyInstanceOf(IllegalStateException.class)
                  .hasMessage(
                      "This thread is in the middle of a write to the same log; a codec or the"
                          + " source of a batch must not write to it, maintain or close it:"
                          + " log=own");

              assertThat(contents(log)).containsExactly("5 before");
              own.reentrance = () -> {};
              log.append(10, "reentrant");
              assertThat(contents(log)).containsExactly("5 before", "10 reentrant");
            }
          });
    }

    @Test
    void thatAreSlow_holdNoReaderUp() {
      CountDownLatch entered = new CountDownLatch(1);
      CountDownLatch letGo = new CountDownLatch(1);
      Timelog<String> log = logs.open(Timelog.builder(codec));
      log.append(10, "fast");
      codec.reentrance =
          () -> {
            entered.countDown();
            OneWriter.await(letGo);
          };

      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(() -> log.append(20, "reentrant"));
      OneWriter.await(entered);

      assertThat(log.count(TimeRange.all())).isOne();
      assertThat(contents(log)).containsExactly("10 fast");
      letGo.countDown();
      writer.join();
      assertThat(contents(log)).containsExactly("10 fast", "20 reentrant");
    }

    @Test
    void sourceOfABatchThatWritesToTheSameLog_isToldSo_andNothingIsWritten() {
      Timelog<String> log = logs.ofStrings();
      Stream<Entry<String>> source =
          Stream.of("a", "b")
              .map(
                  value -> {
                    log.deleteBefore(5);
                    return new Entry<>(10, value);
                  });

      assertThatThrownBy(() -> log.extend(source))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the source of a batch must not write to it");
      assertThat(contents(log)).isEmpty();
    }
  }
}
