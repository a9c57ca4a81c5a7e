package io.timelog;

import io.timelog.internal.log.CheckedCodec;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decodes the keys of a cursor, each once for all its entries that follow one another. */
final class KeyReader<K> implements Function<Cursor, K> {
  private final CheckedCodec<K> codec;
  private @Nullable K key;
  private long number;

  KeyReader(CheckedCodec<K> codec) {
    this.codec = codec;
  }

  @Override
  public K apply(Cursor cursor) {
    K known = key;
    if (known == null || cursor.keyNumber() != number) {
      number = cursor.keyNumber();
      known = codec.decode(cursor.key());
      key = known;
    }
    return known;
  }
}
