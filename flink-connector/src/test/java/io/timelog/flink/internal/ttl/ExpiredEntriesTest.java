package io.timelog.flink.internal.ttl;

import static org.assertj.core.api.Assertions.assertThat;

import io.timelog.KeyGroups;
import io.timelog.Span;
import io.timelog.TimeRange;
import io.timelog.TimelogStore;
import io.timelog.flink.internal.table.CanonicalEntries;
import io.timelog.flink.internal.table.CanonicalSink;
import io.timelog.flink.internal.table.StateLayouts;
import io.timelog.flink.internal.table.StateTable;
import io.timelog.flink.internal.table.StateTables;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.StateSerializerProvider;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.MockTtlTimeProvider;
import org.apache.flink.runtime.state.ttl.TtlStateFactory.TtlSerializer;
import org.apache.flink.runtime.state.ttl.TtlValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a flush leaves out of states with a time to live. */
final class ExpiredEntriesTest {
  private static final TtlSerializer<String> VALUES =
      new TtlSerializer<>(LongSerializer.INSTANCE, StringSerializer.INSTANCE);

  private final MockTtlTimeProvider clock = new MockTtlTimeProvider();
  private final TimelogStore store = TimelogStore.builder().build();
  private final StateTables<Long> tables =
      new StateTables<>(
          store,
          new StateLayouts<>(
              StateSerializerProvider.fromNewRegisteredSerializer(LongSerializer.INSTANCE),
              KeyGroups.FIRST_BYTE,
              clock),
          TimelogStore.builder()::build);
  private final DataOutputSerializer out = new DataOutputSerializer(64);

  @AfterEach
  void close() {
    store.close();
  }

  private static StateTtlConfig.Builder timeToLive() {
    return StateTtlConfig.newBuilder(Duration.ofMillis(100));
  }

  private <V> StateTable<Long, VoidNamespace, V> state(
      StateDescriptor.Type type, TypeSerializer<V> serializer, StateTtlConfig config) {
    StateTable<Long, VoidNamespace, V> state =
        tables.add(
            new RegisteredKeyValueStateBackendMetaInfo<>(
                type, "state", VoidNamespaceSerializer.INSTANCE, serializer));
    state.setTimeToLive(config);
    return state;
  }

  private static byte[] key(int number) throws IOException {
    DataOutputSerializer key = new DataOutputSerializer(16);
    key.writeByte(0);
    key.writeLong(number);
    VoidNamespaceSerializer.INSTANCE.serialize(VoidNamespace.INSTANCE, key);
    return key.getCopyOfBuffer();
  }

  private void write(TtlValue<String> value) throws IOException {
    VALUES.serialize(value, out);
  }

  private static TtlValue<String> value(long lastAccess) {
    return new TtlValue<>("value", lastAccess);
  }

  private byte[] taken() {
    byte[] bytes = out.getCopyOfBuffer();
    out.clear();
    return bytes;
  }

  private static int entries(StateTable<?, ?, ?> state) {
    int entries = 0;
    try (CanonicalEntries all = state.read(state.table().scanKeyGroups(0, 127, TimeRange.all()))) {
      while (all.advance()) {
        entries++;
      }
    }
    return entries;
  }

  private StateTable<Long, VoidNamespace, TtlValue<String>> values(StateTtlConfig config)
      throws IOException {
    StateTable<Long, VoidNamespace, TtlValue<String>> state =
        state(StateDescriptor.Type.VALUE, VALUES, config);
    CanonicalSink sink = state.sink();
    for (int i = 0; i < 50; i++) {
      write(value(10L * i));
      sink.accept(key(i), taken());
    }
    return state;
  }

  @Test
  void flush_leavesOutValuesWhoseTimeIsOver() throws IOException {
    StateTable<?, ?, ?> state = values(timeToLive().build());
    clock.time = 300;

    store.flush();

    assertThat(entries(state)).isEqualTo(29);
    assertThat(state.table().stats().filteredEntries()).isEqualTo(21);
  }

  @Test
  void flush_leavesOutElementsOfLists() throws IOException {
    StateTable<?, ?, ?> state =
        state(StateDescriptor.Type.LIST, new ListSerializer<>(VALUES), timeToLive().build());
    for (int i = 0; i < 5; i++) {
      if (i > 0) {
        out.writeByte(',');
      }
      write(value(50L * i));
    }
    state.sink().accept(key(1), taken());
    clock.time = 200;

    store.flush();

    assertThat(accessTimes(state)).containsExactly(150L, 200L);
  }

  private static List<Long> accessTimes(StateTable<?, ?, ?> list) throws IOException {
    List<Long> times = new ArrayList<>();
    try (CanonicalEntries all = list.read(list.table().scanKeyGroups(0, 127, TimeRange.all()))) {
      while (all.advance()) {
        DataInputDeserializer in = new DataInputDeserializer(all.value());
        while (in.available() > 0) {
          times.add(VALUES.deserialize(in).getLastAccessTimestamp());
          in.skipBytesToRead(Math.min(1, in.available()));
        }
      }
    }
    return times;
  }

  @Test
  void flush_leavesOutEntriesOfMapsAndKeepsNullValues() throws IOException {
    StateTable<?, ?, ?> state =
        state(
            StateDescriptor.Type.MAP,
            new MapSerializer<>(StringSerializer.INSTANCE, VALUES),
            timeToLive().build());
    CanonicalSink sink = state.sink();
    for (int i = 0; i < 5; i++) {
      out.writeBoolean(false);
      write(value(50L * i));
      sink.accept(mapKey(i), taken());
    }
    sink.accept(mapKey(5), new byte[] {1});
    clock.time = 200;

    store.flush();

    assertThat(entries(state)).isEqualTo(3);
  }

  private byte[] mapKey(int number) throws IOException {
    DataOutputSerializer key = new DataOutputSerializer(16);
    key.write(key(1));
    StringSerializer.INSTANCE.serialize("map key " + number, key);
    return key.getCopyOfBuffer();
  }

  @Test
  void nothingIsLeftOut_beforeTheJobHasSaidHowLongEntriesLive() throws IOException {
    StateTable<?, ?, ?> state = values(StateTtlConfig.DISABLED);
    clock.time = 10_000;

    store.flush();
    assertThat(entries(state)).isEqualTo(50);

    state.setTimeToLive(timeToLive().build());
    store.compact();
    assertThat(entries(state)).isZero();
  }

  @Test
  void nothingIsLeftOut_ifTheJobWantsNoCleanUp() throws IOException {
    StateTable<?, ?, ?> state = values(timeToLive().disableCleanupInBackground().build());
    clock.time = 10_000;

    store.flush();

    assertThat(entries(state)).isEqualTo(50);
  }

  @Test
  void clock_isReadAfterAsManyEntriesAsTheJobSays() throws IOException {
    long[] reads = {0};
    ExpiredEntries expired =
        new ExpiredEntries(
            0,
            () -> {
              reads[0]++;
              return 0;
            });
    expired.configure(timeToLive().cleanupInRocksdbCompactFilter(10).build());
    write(value(5));
    Span value = Span.of(taken());

    for (int i = 0; i < 95; i++) {
      expired.mayDrop(value, 0, value, value);
    }

    assertThat(reads[0]).isEqualTo(10);
  }
}
