package io.timelog.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.StreamsConfig.InternalConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.internals.ChangelogRecordDeserializationHelper;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.VersionedBytesStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.internals.PositionSerde;
import org.apache.kafka.streams.state.internals.SessionKeySchema;
import org.apache.kafka.streams.state.internals.WindowKeySchema;
import org.apache.kafka.test.InternalMockProcessorContext;
import org.apache.kafka.test.MockRecordCollector;
import org.apache.kafka.test.StreamsTestUtils;
import org.apache.kafka.test.TestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The entries of a store, its offsets, its position and its stream time always agree. */
final class StateIsOneThingTest {
  private static final String NAME = "store";
  private static final Duration RETENTION = Duration.ofMinutes(8);
  private static final TopicPartition CHANGELOG = new TopicPartition("changelog", 0);
  private static final TopicPartition OTHER = new TopicPartition("changelog", 1);
  private static final long UNKNOWN = -4;

  /** A store that is not open, a write to it, and the key of a record of its changelog. */
  private record Kind(StateStore store, BiConsumer<String, Long> put, Bytes changelogKey) {
    InternalMockProcessorContext<?, ?> open(Map<String, ?> config) {
      Properties properties = StreamsTestUtils.getStreamsConfig();
      config.forEach((name, value) -> properties.put(name, value.toString()));
      InternalMockProcessorContext<?, ?> context =
          new InternalMockProcessorContext<>(
              TestUtils.tempDirectory(), new StreamsConfig(properties), new MockRecordCollector());
      store.init(context, store);
      process(context, 0);
      return context;
    }

    void put(String value, long time) {
      put.accept(value, time);
    }

    ConsumerRecord<byte[], byte[]> changelogRecord(TopicPartition partition, Headers headers) {
      return new ConsumerRecord<>(
          partition.topic(),
          partition.partition(),
          7,
          0,
          TimestampType.CREATE_TIME,
          0,
          0,
          changelogKey.get(),
          "value".getBytes(UTF_8),
          headers,
          Optional.empty());
    }
  }

  private static void process(InternalMockProcessorContext<?, ?> context, long offset) {
    context.setRecordContext(
        new ProcessorRecordContext(0, offset, 0, "input", new RecordHeaders()));
  }

  private static Bytes key() {
    return Bytes.wrap("key".getBytes(UTF_8));
  }

  private static Kind windows() {
    WindowStore<Bytes, byte[]> store =
        TimelogStores.windowStore(NAME, RETENTION, Duration.ofMillis(1)).get();
    return new Kind(
        store,
        (value, time) -> store.put(key(), value.getBytes(UTF_8), time),
        WindowKeySchema.toStoreKeyBinary(key(), 0, 0));
  }

  private static Kind sessions() {
    SessionStore<Bytes, byte[]> store = TimelogStores.sessionStore(NAME, RETENTION).get();
    return new Kind(
        store,
        (value, time) ->
            store.put(new Windowed<>(key(), new SessionWindow(time, time)), value.getBytes(UTF_8)),
        SessionKeySchema.toBinary(key(), 0, 0));
  }

  private static Kind versions() {
    VersionedBytesStore store =
        (VersionedBytesStore) TimelogStores.versionedKeyValueStore(NAME, RETENTION).get();
    return new Kind(store, (value, time) -> store.put(key(), value.getBytes(UTF_8), time), key());
  }

  private static Kind keyValues() {
    KeyValueStore<Bytes, byte[]> store = TimelogStores.keyValueStore(NAME).get();
    return new Kind(store, (value, time) -> store.put(key(), value.getBytes(UTF_8)), key());
  }

  private static Kind eventLog() {
    var store =
        TimelogStores.eventLogStore(NAME, Serdes.String(), Serdes.String())
            .withRetention(RETENTION)
            .withLoggingDisabled()
            .build();
    return new Kind(
        store,
        (value, time) -> store.append("key", time, value),
        Bytes.wrap(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0}));
  }

  static Stream<?> kinds() {
    return Stream.of(
        named("window", windows()),
        named("session", sessions()),
        named("versioned", versions()),
        named("key-value", keyValues()),
        named("event log", eventLog()));
  }

  /** Kafka Streams moves what stands in a checkpoint file of 4.2 into the store that it opened. */
  @ParameterizedTest
  @MethodSource("kinds")
  void offsetsOfEntriesThatWereNeverHere_areNotClaimed(Kind kind) {
    kind.open(Map.of());

    kind.store().commit(Map.of(CHANGELOG, 17L));
    assertThat(kind.store().committedOffset(CHANGELOG)).isNull();

    kind.put("value", 0);
    kind.store().commit(Map.of(CHANGELOG, 18L));
    assertThat(kind.store().committedOffset(CHANGELOG)).isEqualTo(18);
  }

  /** The tables of a global store have a partition of the topic each. */
  @ParameterizedTest
  @MethodSource("kinds")
  void offsetOfAPartition_isClaimedWhenRecordsOfItWereRestored(Kind kind) {
    InternalMockProcessorContext<?, ?> context = kind.open(Map.of());

    context.restoreWithHeaders(NAME, List.of(kind.changelogRecord(CHANGELOG, new RecordHeaders())));
    kind.store().commit(Map.of(CHANGELOG, 7L, OTHER, 9L));
    assertThat(kind.store().committedOffset(CHANGELOG)).isEqualTo(7);
    assertThat(kind.store().committedOffset(OTHER)).isNull();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void unknownOffset_claimsNothing_andIsKept(Kind kind) {
    kind.open(Map.of());

    kind.store().commit(Map.of(CHANGELOG, UNKNOWN));
    assertThat(kind.store().committedOffset(CHANGELOG)).isEqualTo(UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void storeThatIsClosed_hasNeitherOffsetsNorPosition(Kind kind) {
    kind.open(Map.of());
    kind.put("value", 0);
    kind.store().commit(Map.of(CHANGELOG, 18L));
    kind.store().close();

    kind.store().commit(Map.of(CHANGELOG, 19L));
    Map<TopicPartition, Long> forgotten = new HashMap<>();
    forgotten.put(CHANGELOG, null);
    kind.store().commit(forgotten);
    kind.store().commit(Map.of(CHANGELOG, 20L));

    assertThat(kind.store().committedOffset(CHANGELOG)).isNull();
    assertThat(kind.store().getPosition().getTopics()).isEmpty();
  }

  /** A bound on the position would never be reached if nothing else came. */
  @ParameterizedTest
  @MethodSource("kinds")
  void recordThatComesTooLate_movesThePosition(Kind kind) {
    InternalMockProcessorContext<?, ?> context = kind.open(Map.of());
    kind.put("value", 10 * RETENTION.toMillis());

    process(context, 42);
    kind.put("late", 0);

    assertThat(kind.store().getPosition())
        .isEqualTo(Position.emptyPosition().withComponent("input", 0, 42));
  }

  @Test
  void deleteThatComesTooLate_movesThePosition() {
    VersionedBytesStore store = (VersionedBytesStore) versions().store();
    InternalMockProcessorContext<?, ?> context =
        new Kind(store, (value, time) -> {}, key()).open(Map.of());
    store.put(key(), new byte[1], 10 * RETENTION.toMillis());

    process(context, 42);
    store.delete(key(), 0);

    assertThat(store.getPosition())
        .isEqualTo(Position.emptyPosition().withComponent("input", 0, 42));
  }

  /** Fills a store, so that a write is refused which would have let all entries expire. */
  private static String refuseAWriteFarAhead(Kind kind) {
    kind.open(Map.of(TimelogStoreConfig.MEMORY_BUDGET_BYTES, 4 << 20));
    kind.put("value", 1);
    String tooLarge = "x".repeat(8 << 20);
    assertThatThrownBy(() -> kind.put(tooLarge, 100 * RETENTION.toMillis()))
        .isInstanceOf(ProcessorStateException.class);
    return "value";
  }

  @Test
  void windowThatIsRefused_letsNothingExpire() {
    Kind kind = windows();
    String value = refuseAWriteFarAhead(kind);

    @SuppressWarnings("unchecked")
    WindowStore<Bytes, byte[]> store = (WindowStore<Bytes, byte[]>) kind.store();
    assertThat(store.fetch(key(), 1)).asString(UTF_8).isEqualTo(value);
    kind.put("next", 2);
    assertThat(store.fetch(key(), 2)).asString(UTF_8).isEqualTo("next");
  }

  @Test
  void sessionThatIsRefused_letsNothingExpire() {
    Kind kind = sessions();
    String value = refuseAWriteFarAhead(kind);

    @SuppressWarnings("unchecked")
    SessionStore<Bytes, byte[]> store = (SessionStore<Bytes, byte[]>) kind.store();
    assertThat(store.fetchSession(key(), 1, 1)).asString(UTF_8).isEqualTo(value);
    kind.put("next", 2);
    assertThat(store.fetchSession(key(), 2, 2)).asString(UTF_8).isEqualTo("next");
  }

  @Test
  void versionThatIsRefused_letsNothingExpire() {
    Kind kind = versions();
    refuseAWriteFarAhead(kind);

    VersionedBytesStore store = (VersionedBytesStore) kind.store();
    kind.put("next", 2);
    assertThat(store.get(key(), 1)).as("the version before").isNotNull();
    assertThat(store.get(key(), 2)).isNotNull();
  }

  /** Session stores may be restored into after they were closed, as Kafka's own tests do. */
  @Test
  void sessionsThatAreRestoredIntoAClosedStore_bringTheirPositionAndOffsets() {
    Kind kind = sessions();
    InternalMockProcessorContext<?, ?> context =
        kind.open(Map.of(InternalConfig.IQ_CONSISTENCY_OFFSET_VECTOR_ENABLED, true));
    kind.store().close();
    Position position = Position.emptyPosition().withComponent("input", 0, 41);
    RecordHeaders headers = new RecordHeaders();
    headers.add(ChangelogRecordDeserializationHelper.CHANGELOG_VERSION_HEADER_RECORD_CONSISTENCY);
    headers.add(
        new RecordHeader(
            ChangelogRecordDeserializationHelper.CHANGELOG_POSITION_HEADER_KEY,
            PositionSerde.serialize(position).array()));

    context.restoreWithHeaders(NAME, List.of(kind.changelogRecord(CHANGELOG, headers)));

    kind.store().commit(Map.of(CHANGELOG, 7L));
    assertThat(kind.store().getPosition()).isEqualTo(position);
    assertThat(kind.store().committedOffset(CHANGELOG)).isEqualTo(7);
  }
}
