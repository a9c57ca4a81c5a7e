package io.timelog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables seen through codecs. */
final class TypedTableTest {
  private final TimelogStore store = TimelogStore.builder().name("typed").build();

  @AfterEach
  void nothingStaysOpen() {
    assertThat(store.stats().openReaders()).isZero();
    store.close();
    assertThat(store.memoryBudget().usedBytes()).isZero();
  }

  private TypedTable<String, Long> visits() {
    TypedTable<String, Long> visits =
        store
            .createTable(TableOptions.multimap("visits").build())
            .as(Codecs.utf8(), Codecs.longs());
    visits.append("alice", 10, 1L);
    visits.append("bob", 15, 2L);
    visits.append("alice", 30, 3L);
    store.flush();
    visits.append("alice", 20, 4L);
    visits.append("alice", 20, 5L);
    return visits;
  }

  private TypedMap<String, Integer, String> stock() {
    TypedMap<String, Integer, String> stock =
        store
            .createTable(TableOptions.map("stock").build())
            .as(Codecs.utf8(), Codecs.ints(), Codecs.utf8());
    stock.put("berlin", 10, 2, "pears");
    stock.put("berlin", 10, 1, "apples");
    stock.put("bonn", 10, 1, "plums");
    return stock;
  }

  @Test
  void multimap_isReadByKey_inTheOrderOfTime() {
    TypedTable<String, Long> visits = visits();

    assertThat(visits.range("alice", 10, 30))
        .containsExactly(new Entry<>(10, 1L), new Entry<>(20, 4L), new Entry<>(20, 5L));
    assertThat(visits.all("alice").reversed())
        .extracting(Entry::value)
        .containsExactly(3L, 5L, 4L, 1L);
    assertThat(visits.range("alice", TimeRange.since(20)).stream().mapToLong(Entry::value).sum())
        .isEqualTo(12);
    assertThat(visits.count("alice", TimeRange.all())).isEqualTo(4);
    assertThat(visits.all("nobody").isEmpty()).isTrue();
  }

  @Test
  void multimap_isReadOverAllKeys_inTheOrderOfTimeAndOfKeys() {
    TypedTable<String, Long> visits = visits();

    assertThat(visits.range(10, 20))
        .containsExactly(new KeyedEntry<>("alice", 10, 1L), new KeyedEntry<>("bob", 15, 2L));
    assertThat(visits.all().reversed().first()).contains(new KeyedEntry<>("alice", 30, 3L));
    assertThat(visits.byKey(TimeRange.all()))
        .extracting(KeyedEntry::key)
        .containsExactly("alice", "alice", "alice", "alice", "bob");
    assertThat(visits.byKey(TimeRange.all()).reversed().first())
        .contains(new KeyedEntry<>("bob", 15, 2L));
  }

  @Test
  void multimap_forgetsKeysRangesAndTheOldEnd() {
    TypedTable<String, Long> visits = visits();

    visits.removeRange("alice", TimeRange.at(20));
    visits.deleteBefore(11);
    assertThat(visits.all()).extracting(KeyedEntry::value).containsExactly(2L, 3L);
    visits.deleteRange(TimeRange.since(30));

    assertThat(visits.all()).containsExactly(new KeyedEntry<>("bob", 15, 2L));
  }

  @Test
  void map_keepsOneValuePerKeyAndTimestamp() {
    TypedTable<String, Long> latest =
        store.createTable(TableOptions.map("latest").build()).as(Codecs.utf8(), Codecs.longs());

    latest.put("alice", 10, 1L);
    latest.put("alice", 10, 2L);
    latest.put("bob", 10, 3L);

    assertThat(latest.get("alice", 10)).isEqualTo(2L);
    assertThat(latest.get("alice", 11)).isNull();
    assertThat(latest.removeAndGet("alice", 10)).isEqualTo(2L);
    assertThat(latest.removeAndGet("alice", 10)).isNull();
    latest.remove("bob", 10);
    assertThat(latest.all()).isEmpty();
  }

  @Test
  void mapWithSubkeys_isReadByTheirBytes() {
    TypedMap<String, Integer, String> stock = stock();

    assertThat(stock.all("berlin"))
        .containsExactly(
            new MappedEntry<>("berlin", 10, 1, "apples"),
            new MappedEntry<>("berlin", 10, 2, "pears"));
    assertThat(stock.range(10, 11)).hasSize(3);
    assertThat(stock.byKey(TimeRange.all()).reversed().first())
        .contains(new MappedEntry<>("bonn", 10, 1, "plums"));
    assertThat(stock.count("berlin", TimeRange.all())).isEqualTo(2);
    assertThat(stock.get("berlin", 10, 2)).isEqualTo("pears");
    assertThat(stock.get("berlin", 10, 3)).isNull();
    assertThat(stock.removeAndGet("berlin", 10, 2)).isEqualTo("pears");
    stock.remove("berlin", 10, 1);
    stock.removeRange("bonn", TimeRange.all());
    assertThat(stock.all()).isEmpty();
  }

  @Test
  void view_isOfTheTable_andSaysSo() {
    TypedTable<String, Long> visits = visits();

    visits.table().append("carol".getBytes(UTF_8), 40, new byte[8]);

    assertThat(visits.all("carol")).containsExactly(new Entry<>(40, 0L));
    assertThat(visits).hasToString("TypedTable[visits of typed]");
    assertThatThrownBy(() -> visits.put("alice", 10, 1L))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("put needs a map, and this table is a multimap: table=visits");
    assertThatThrownBy(() -> visits.table().as(Codecs.utf8(), Codecs.utf8(), Codecs.utf8()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("table=visits");
  }

  @Test
  void codecThatUsesItsTable_mayReadAndWriteIt() {
    List<Table> own = new ArrayList<>();
    Codec<String> curious =
        new Codec<>() {
          @Override
          public int size(String value) {
            if (value.startsWith("outer")) {
              own.get(0).append(new byte[] {1}, 5, new byte[0]);
              own.get(0).count(new byte[] {1}, TimeRange.all());
            }
            return value.length();
          }

          @Override
          public void write(String value, ByteBuffer target) {
            Codecs.utf8().write(value, target);
          }

          @Override
          public String read(ByteBuffer source) {
            return Codecs.utf8().read(source);
          }
        };
    Table table = store.createTable(TableOptions.multimap("own").build());
    own.add(table);

    table.as(Codecs.utf8(), curious).append("key", 10, "outer");

    assertThat(table.as(Codecs.utf8(), curious).all("key"))
        .containsExactly(new Entry<>(10, "outer"));
    assertThat(table.count(new byte[] {1}, TimeRange.all())).isOne();
  }

  @Test
  void dropListener_isToldTheSubkey() {
    List<String> dropped = new ArrayList<>();
    TypedMap<String, Integer, String> map =
        store
            .createTable(
                TableOptions.map("told")
                    .windowSize(100, 0)
                    .dropListener(
                        (key, timestamp, subkey, value) ->
                            dropped.add(
                                new String(key, UTF_8)
                                    + " "
                                    + timestamp
                                    + " "
                                    + ByteBuffer.wrap(subkey).getInt()
                                    + " "
                                    + new String(value, UTF_8)))
                    .build())
            .as(Codecs.utf8(), Codecs.ints(), Codecs.utf8());
    map.put("k", 10, 7, "seven");
    map.put("k", 10, 8, "eight");

    map.deleteBefore(100);
    store.flush();

    assertThat(dropped).containsExactlyInAnyOrder("k 10 7 seven", "k 10 8 eight");
  }

  @Test
  void codecThatLies_isToldWhatIsWrong_andNothingIsWritten() {
    Codec<String> half =
        new Codec<>() {
          @Override
          public int size(String value) {
            return 2;
          }

          @Override
          public void write(String value, ByteBuffer target) {
            target.put((byte) 1);
          }

          @Override
          public String read(ByteBuffer source) {
            return "";
          }
        };
    TypedTable<String, String> table =
        store.createTable(TableOptions.multimap("lies").build()).as(Codecs.utf8(), half);

    assertThatThrownBy(() -> table.append("k", 10, "v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "The codec wrote another number of bytes than it announced: size=2, written=1");
    assertThat(table.all("k")).isEmpty();
  }
}
