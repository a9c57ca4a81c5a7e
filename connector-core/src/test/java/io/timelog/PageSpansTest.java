package io.timelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pages of a {@link Timelog} as they lie in memory. */
final class PageSpansTest {
  @RegisterExtension final OpenLogs logs = new OpenLogs();

  /** A log with pages of a few entries. */
  private Timelog<Long> log() {
    return logs.open(Timelog.builder(Codecs.longs()).windowSize(10_000).targetPageBytes(512));
  }

  /** A log with the value -t at each timestamp t from {@code first} to before {@code end}. */
  private Timelog<Long> flushed(long first, long end) {
    Timelog<Long> log = log();
    LongStream.range(first, end).forEach(t -> log.append(t, -t));
    log.flush();
    return log;
  }

  private static List<Long> timestamps(PageSpans<Long> spans) {
    List<Long> all = new ArrayList<>();
    try (spans) {
      while (spans.hasNext()) {
        try (PageSpan<Long> span = spans.next()) {
          LongStream.of(span.copyTimestamps()).forEach(all::add);
        }
      }
    }
    return all;
  }

  private static List<Long> longs(long first, long end) {
    return LongStream.range(first, end).boxed().toList();
  }

  @Test
  void spans_haveEveryFlushedEntryOfTheRange_inOrder() {
    Timelog<Long> log = flushed(0, 1_000);

    assertThat(timestamps(log.pageSpans(TimeRange.all()))).isEqualTo(longs(0, 1_000));
    assertThat(timestamps(log.pageSpans(TimeRange.of(123, 456)))).isEqualTo(longs(123, 456));
    assertThat(timestamps(log.pageSpans(TimeRange.at(500)))).containsExactly(500L);
    assertThat(timestamps(log.pageSpans(TimeRange.of(456, 123)))).isEmpty();
    assertThat(timestamps(log.pageSpans(TimeRange.since(1_000)))).isEmpty();
  }

  @Test
  void entriesOfTheMemtable_areInNoSpan_untilTheyAreFlushed() {
    Timelog<Long> log = flushed(0, 10);
    log.append(10, 10L);

    assertThat(timestamps(log.pageSpans(TimeRange.all()))).isEqualTo(longs(0, 10));
    log.flush();

    assertThat(timestamps(log.pageSpans(TimeRange.all()))).isEqualTo(longs(0, 11));
  }

  @Test
  void span_knowsItsEnds_andItsSize() {
    try (PageSpans<Long> spans = flushed(0, 1_000).pageSpans(TimeRange.of(5, 10));
        PageSpan<Long> span = spans.next()) {
      assertThat(span.size()).isEqualTo(5);
      assertThat(span.startTimestamp()).isEqualTo(5);
      assertThat(span.endTimestamp()).isEqualTo(9);
      assertThat(span.isClosed()).isFalse();
    }
  }

  @Test
  void timestamps_areReadOnly_andInTheMemoryOfThePage() {
    try (PageSpans<Long> spans = flushed(0, 1_000).pageSpans(TimeRange.of(5, 10));
        PageSpan<Long> span = spans.next();
        PageSpan.Timestamps timestamps = span.timestamps()) {
      LongBuffer buffer = timestamps.buffer();

      assertThat(buffer.isDirect()).isTrue();
      assertThat(buffer.isReadOnly()).isTrue();
      assertThat(buffer.remaining()).isEqualTo(5);
      assertThat(buffer.get(0)).isEqualTo(5);
      assertThat(buffer.get(4)).isEqualTo(9);
      assertThatThrownBy(() -> buffer.put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
      assertThat(timestamps.buffer()).isSameAs(buffer);
    }
  }

  @Test
  void values_areAnUnmodifiableList_thatIsReadFromBothEnds() {
    try (PageSpans<Long> spans = flushed(0, 1_000).pageSpans(TimeRange.of(5, 10));
        PageSpan<Long> span = spans.next()) {
      PageSpan.Values<Long> values = span.values();

      assertThat(values).containsExactly(-5L, -6L, -7L, -8L, -9L).hasSize(5);
      assertThat(values.get(1)).isEqualTo(-6);
      assertThat(values.getFromEnd(0)).isEqualTo(-9);
      assertThat(values.getFromEnd(4)).isEqualTo(-5);
      assertThatThrownBy(() -> values.get(5)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> values.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> values.getFromEnd(5)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> values.set(0, 1L)).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> values.add(1L)).isInstanceOf(UnsupportedOperationException.class);
      assertThat(List.copyOf(values)).hasSize(5);
    }
  }

  @Test
  void valuesOfDifferentLengths_areRead() {
    Timelog<String> log = logs.ofStrings();
    log.append(10, "");
    log.append(20, "twenty");
    log.append(30, "3");
    log.flush();

    try (PageSpans<String> spans = log.pageSpans(TimeRange.all());
        PageSpan<String> span = spans.next()) {
      assertThat(span.values()).containsExactly("", "twenty", "3");
    }
  }

  @Test
  void deletedEntries_areCutOut_whichMakesSeveralSpansOfAPage() {
    Timelog<Long> log = flushed(0, 20);
    assertThat(sizes(log.pageSpans(TimeRange.all()))).containsExactly(20);

    log.deleteRange(5, 8);
    log.deleteRange(10, 11);
    log.deleteBefore(2);

    assertThat(timestamps(log.pageSpans(TimeRange.all())))
        .containsExactly(2L, 3L, 4L, 8L, 9L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
    assertThat(sizes(log.pageSpans(TimeRange.all()))).containsExactly(3, 2, 9);
    assertThat(sizes(log.pageSpans(TimeRange.of(5, 8)))).isEmpty();
    assertThat(sizes(log.pageSpans(TimeRange.of(3, 9)))).containsExactly(2, 1);
  }

  private static List<Integer> sizes(PageSpans<?> spans) {
    List<Integer> sizes = new ArrayList<>();
    try (spans) {
      while (spans.hasNext()) {
        try (PageSpan<?> span = spans.next()) {
          sizes.add(span.size());
        }
      }
    }
    return sizes;
  }

  @Test
  void whatWasWrittenAfterADelete_isNotCutOut() {
    Timelog<Long> log = flushed(0, 20);
    log.deleteRange(5, 8);
    log.append(6, 60L);
    log.flush();

    assertThat(timestamps(log.pageSpans(TimeRange.of(4, 9)))).containsExactly(4L, 6L, 8L);
  }

  @Test
  void spans_comeByTheirFirstTimestamp_whereSegmentsOverlap() {
    Timelog<Long> log = log();
    for (long t = 0; t < 300; t += 3) {
      log.append(t, t);
    }
    log.flush();
    for (long t = 1; t < 300; t += 3) {
      log.append(t, t);
    }
    log.flush();

    List<Long> starts = new ArrayList<>();
    try (PageSpans<Long> spans = log.pageSpans(TimeRange.all())) {
      while (spans.hasNext()) {
        try (PageSpan<Long> span = spans.next()) {
          starts.add(span.startTimestamp());
          assertThat(span.copyTimestamps()).isSorted();
        }
      }
    }
    assertThat(starts).isSorted().hasSizeGreaterThan(3);
    assertThat(timestamps(log.pageSpans(TimeRange.all()))).hasSize(200);
  }

  @Test
  void theEndsOfTime_areTimestampsLikeAnyOther() {
    Timelog<Long> log = logs.open(Timelog.builder(Codecs.longs()));
    log.append(Long.MIN_VALUE, 1L);
    log.append(0, 2L);
    log.append(Long.MAX_VALUE, 3L);
    log.flush();

    assertThat(timestamps(log.pageSpans(TimeRange.all())))
        .containsExactly(Long.MIN_VALUE, 0L, Long.MAX_VALUE);
    log.deleteRange(TimeRange.since(1));
    assertThat(timestamps(log.pageSpans(TimeRange.all()))).containsExactly(Long.MIN_VALUE, 0L);
    log.deleteRange(TimeRange.until(0));
    assertThat(timestamps(log.pageSpans(TimeRange.all()))).containsExactly(0L);
  }

  @Test
  void spans_readASnapshot() {
    Timelog<Long> log = flushed(0, 1_000);
    PageSpans<Long> spans = log.pageSpans(TimeRange.all());

    log.append(5, 5L);
    log.deleteBefore(900);
    log.flush();
    log.compact();

    assertThat(timestamps(spans)).isEqualTo(longs(0, 1_000));
    assertThat(timestamps(log.pageSpans(TimeRange.all()))).isEqualTo(longs(900, 1_000));
  }

  @Test
  void spans_closeThemselvesAtTheEnd() {
    PageSpans<Long> spans = flushed(0, 5).pageSpans(TimeRange.all());
    spans.next().close();

    assertThat(spans.hasNext()).isFalse();

    assertThat(spans.isClosed()).isTrue();
    assertThatThrownBy(spans::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("There are no more page spans");
  }

  @Test
  void closedSpans_areAnIllegalState() {
    PageSpans<Long> spans = flushed(0, 5).pageSpans(TimeRange.all());
    spans.close();
    spans.close();

    assertThatThrownBy(spans::hasNext)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The page spans are closed");
    assertThatThrownBy(spans::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closedSpan_isAnIllegalState() {
    try (PageSpans<Long> spans = flushed(0, 5).pageSpans(TimeRange.all())) {
      PageSpan<Long> span = spans.next();
      PageSpan.Values<Long> values = span.values();
      PageSpan.Timestamps timestamps = span.timestamps();
      timestamps.close();
      timestamps.close();
      span.close();
      span.close();

      assertThat(span.isClosed()).isTrue();
      assertThat(timestamps.isClosed()).isTrue();
      assertThatThrownBy(span::startTimestamp)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The page span is closed");
      assertThatThrownBy(span::endTimestamp).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(span::timestamps).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(span::copyTimestamps).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(span::values).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> values.get(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(timestamps::buffer)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The view of the timestamps is closed");
    }
  }

  @Test
  void spanWhoseTimestampsAreOpen_cannotBeClosed() {
    try (PageSpans<Long> spans = flushed(0, 5).pageSpans(TimeRange.all())) {
      PageSpan<Long> span = spans.next();
      PageSpan.Timestamps one = span.timestamps();
      PageSpan.Timestamps other = span.timestamps();

      assertThatThrownBy(span::close)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "The page span cannot be closed while its timestamps are held open: openViews=2."
                  + " Close the views first.");
      assertThat(span.isClosed()).isFalse();
      assertThat(span.values()).hasSize(5);

      one.close();
      other.close();
      span.close();
      assertThat(span.isClosed()).isTrue();
    }
  }

  @Test
  void span_staysReadable_whenItsSpansAndTheLogAreClosed() {
    Timelog<Long> log = flushed(0, 5);
    PageSpans<Long> spans = log.pageSpans(TimeRange.all());
    PageSpan<Long> span = spans.next();
    spans.close();
    log.deleteRange(TimeRange.all());
    log.compact();
    log.close();

    assertThat(log.memoryBudget().usedBytes()).isPositive();
    assertThat(span.copyTimestamps()).containsExactly(0, 1, 2, 3, 4);
    assertThat(span.values()).containsExactly(0L, -1L, -2L, -3L, -4L);
    span.close();

    assertThat(log.memoryBudget().usedBytes()).isZero();
  }

  @Test
  void bufferThatIsKeptForEver_showsForEverWhatItShowed() {
    Timelog<Long> log = log();
    List<LongBuffer> kept = new ArrayList<>();
    for (long round = 0; round < 50; round++) {
      long first = round * 200;
      LongStream.range(first, first + 200).forEach(t -> log.append(t, t));
      log.flush();
      try (PageSpans<Long> spans = log.pageSpans(TimeRange.of(first, first + 200));
          PageSpan<Long> span = spans.next();
          PageSpan.Timestamps timestamps = span.timestamps()) {
        kept.add(timestamps.buffer());
      }
      // The segment is dropped, and the next round writes where it was.
      log.deleteRange(TimeRange.all());
      log.flush();
      log.compact();
    }

    for (int round = 0; round < 50; round++) {
      LongBuffer buffer = kept.get(round);
      assertThat(buffer.remaining()).isGreaterThan(10);
      for (int i = 0; i < buffer.remaining(); i++) {
        assertThat(buffer.get(i)).isEqualTo(round * 200L + i);
      }
    }
  }
}
