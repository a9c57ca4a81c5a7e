package io.timelog.kafka.internal.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.query.Position;
import org.junit.jupiter.api.Test;

final class StoreTokenTest {
  private static final StoreToken TOKEN =
      new StoreToken(
          new StoreIdentity("application", "1_7", "store"),
          "values by key",
          new StoreFacts(
              Map.of(
                  new TopicPartition("changelog", 7), 42L,
                  new TopicPartition("changelog", 8), -4L,
                  new TopicPartition("other", 7), Long.MAX_VALUE),
              Position.emptyPosition().withComponent("in", 7, 100).withComponent("in", 8, 0),
              List.of(Long.MIN_VALUE, 0L, 5L)));

  @Test
  void token_isReadAsItWasWritten() {
    assertThat(StoreToken.decode(TOKEN.encode())).isEqualTo(TOKEN);
    StoreToken empty = new StoreToken(TOKEN.identity(), "", StoreFacts.NONE);
    assertThat(StoreToken.decode(empty.encode())).isEqualTo(empty);
  }

  /** A global store has all partitions of its topic, and a commit takes 64 KiB. */
  @Test
  void tokenOfThousandsOfPartitions_isShort() {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Position position = Position.emptyPosition();
    for (int partition = 0; partition < 5_000; partition++) {
      long offset = 100_000_000L + partition;
      offsets.put(new TopicPartition("topic", partition), offset);
      position.withComponent("topic", partition, offset);
    }
    StoreToken token =
        new StoreToken(TOKEN.identity(), "values", new StoreFacts(offsets, position, List.of()));
    assertThat(token.encode()).hasSizeLessThan(64 << 10);
    assertThat(StoreToken.decode(token.encode())).isEqualTo(token);
  }

  @Test
  void numberThatDoesNotEnd_isNone() {
    byte[] bytes = TOKEN.encode();
    byte[] endless = Arrays.copyOf(bytes, bytes.length + 20);
    // Everything behind the names.
    int names = 1 + 2 + "application".length() + 2 + "1_7".length() + 2 + "store".length();
    Arrays.fill(endless, names + 2 + "values by key".length(), endless.length, (byte) -1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreToken.decode(endless))
        .withMessageStartingWith("The last commit is not one of a Kafka Streams store: bytes=");
  }

  /** So that a commit of a store in which nothing has changed writes nothing. */
  @Test
  void equalTokens_haveEqualBytes() {
    assertThat(StoreToken.decode(TOKEN.encode()).encode()).isEqualTo(TOKEN.encode());
  }

  @Test
  void tokenThatIsCutOff_orGoesOn_isNone() {
    byte[] bytes = TOKEN.encode();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StoreToken.decode(cut))
          .withMessageStartingWith("The last commit is not one of a Kafka Streams store: bytes=");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreToken.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .withMessage("The last commit says more than a store does: bytes=" + (bytes.length + 1));
  }

  @Test
  void tokenOfAnotherVersion_isNotRead() {
    byte[] bytes = TOKEN.encode();
    bytes[0] = 2;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreToken.decode(bytes))
        .withMessage("The last commit is not one of a store of this version: found=2, supported=1");
  }
}
